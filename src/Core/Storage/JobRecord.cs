using System.Text.Json;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>A job: a long operation with progress that is not user code. Its log is kept apart: see <see cref="ITaskStore.AppendJobLogAsync"/>.</summary>
public sealed record JobRecord
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>What it does (<c>docker_image.download</c>).</summary>
    public required string Type { get; init; }

    /// <summary>What it was asked with.</summary>
    public JsonElement? Params { get; init; }

    /// <summary>Where it is.</summary>
    public ExecutionStatus Status { get; init; }

    /// <summary>How far it is. Range 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Why it did not succeed; null when it did or has not ended.</summary>
    public TaskError? Error { get; init; }

    /// <summary>When it was asked for, to the millisecond.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it began; null: it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
