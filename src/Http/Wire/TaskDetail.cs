using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>A task with what was asked.</summary>
public sealed record TaskDetail : TaskSummary
{
    /// <summary>For the serializer.</summary>
    public TaskDetail()
    {
    }

    [SetsRequiredMembers]
    private TaskDetail(TaskSummary summary, TaskSpec spec)
        : base(summary) => Spec = spec;

    /// <summary>What was asked.</summary>
    [JsonPropertyOrder(1)]
    public required TaskSpec Spec { get; init; }

    /// <summary>A task as it is stored.</summary>
    public static TaskDetail Of(StoredTask task) => new(Of(task.Record), task.Spec);

    /// <summary>The task as the service tells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is none.</exception>
    public StoredTask ToStoredTask() => new(ToRecord(), Spec);
}
