using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http.Wire;

/// <summary>A job. Times are milliseconds since the Unix epoch.</summary>
public sealed record JobDetail
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>What it does.</summary>
    public required string Type { get; init; }

    /// <summary>What it was asked with.</summary>
    public JsonElement? Params { get; init; }

    /// <summary>Where it is.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>How far it is. Range 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Why it did not succeed; null when it did or has not ended.</summary>
    public TaskError? Error { get; init; }

    /// <summary>When it was asked for.</summary>
    public long CreateTimeMs { get; init; }

    /// <summary>When it began; null: it has not.</summary>
    public long? StartTimeMs { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public long? EndTimeMs { get; init; }

    /// <summary>Of a cancel: whether it had ended before. Left out where it had not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AlreadyEnded { get; init; }

    /// <summary>A job as it is stored.</summary>
    public static JobDetail Of(JobRecord job) => new()
    {
        JobId = job.JobId,
        Type = job.Type,
        Params = job.Params,
        Status = job.Status,
        Progress = job.Progress,
        Error = job.Error,
        CreateTimeMs = job.CreatedAt.ToUnixTimeMilliseconds(),
        StartTimeMs = job.StartedAt?.ToUnixTimeMilliseconds(),
        EndTimeMs = job.EndedAt?.ToUnixTimeMilliseconds(),
    };

    /// <summary>The job as the service tells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is none.</exception>
    public JobRecord ToRecord() => new()
    {
        JobId = JobId,
        Type = Type,
        Params = Params,
        Status = Status,
        Progress = Progress,
        Error = Error,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreateTimeMs),
        StartedAt = WireTime.Of(StartTimeMs),
        EndedAt = WireTime.Of(EndTimeMs),
    };
}
