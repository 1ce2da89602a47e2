using Executor.Storage;

namespace Executor.Http.Wire;

/// <summary>A result that has not been delivered to its task's <c>callback_url</c>. Times are milliseconds since the Unix epoch.</summary>
public sealed record CallbackDetail
{
    /// <summary>The server's own number of it.</summary>
    public required long Seq { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Where its result goes.</summary>
    public required string Url { get; init; }

    /// <summary>Whether it waits to be tried, or has been given up.</summary>
    public required CallbackState State { get; init; }

    /// <summary>Posts that failed.</summary>
    public int Attempts { get; init; }

    /// <summary>When the task ended.</summary>
    public long EndTimeMs { get; init; }

    /// <summary>When it is to be tried; of a dead one, when it was given up.</summary>
    public long NextTimeMs { get; init; }

    /// <summary>Why the last post failed; null: none has.</summary>
    public string? Error { get; init; }

    /// <summary>A callback as it is stored.</summary>
    public static CallbackDetail Of(CallbackRecord callback) => new()
    {
        Seq = callback.Sequence,
        TaskId = callback.TaskId,
        Url = callback.Url,
        State = callback.State,
        Attempts = callback.Attempts,
        EndTimeMs = callback.EndedAt.ToUnixTimeMilliseconds(),
        NextTimeMs = callback.NextAt.ToUnixTimeMilliseconds(),
        Error = callback.Error,
    };

    /// <summary>The same as the service tells it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is none.</exception>
    public CallbackRecord ToRecord() => new()
    {
        Sequence = Seq,
        TaskId = TaskId,
        Url = Url,
        State = State,
        Attempts = Attempts,
        EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(EndTimeMs),
        NextAt = DateTimeOffset.FromUnixTimeMilliseconds(NextTimeMs),
        Error = Error,
    };
}
