using Executor.Scheduling;

namespace Executor.Executors;

/// <summary>What a server says to an executor. Closed: these and <see cref="TaskAssignment"/> are all there are. Transports only encode them.</summary>
public abstract record ServerMessage
{
    private protected ServerMessage()
    {
    }
}

/// <summary>The executor is registered. The first message of a connection.</summary>
public sealed record RegisteredMessage : ServerMessage
{
    /// <summary>How long the executor may be silent before it and what it runs are lost; null: for ever.</summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Attempts it named that are no longer its own: to be stopped.</summary>
    public IReadOnlyList<TaskAttempt> Stale { get; init; } = [];

    /// <summary>The last piece of output that arrived of each other attempt it named: what came after it may be sent again. One that is not listed: none did.</summary>
    public IReadOnlyList<ReceivedOutput> Received { get; init; } = [];

    /// <summary>The largest message that is taken, in bytes.</summary>
    public int MaxBytes { get; init; } = int.MaxValue;
}

/// <summary>How much of an attempt's output has arrived.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Seq">The number of the last piece.</param>
public readonly record struct ReceivedOutput(string TaskId, int Attempt, long Seq);

/// <summary>An attempt to stop. Its result is to be reported all the same. One that the executor does not run is passed over.</summary>
/// <param name="Task">The attempt.</param>
/// <param name="IsLost">Whether it is no longer the executor's own: its output is passed over and its result refused.</param>
public sealed record CancelMessage(TaskAttempt Task, bool IsLost = false) : ServerMessage;

/// <summary>Nothing more will be given: the executor is to finish what it runs, and leave.</summary>
public sealed record DrainedMessage : ServerMessage;

/// <summary>A result is stored, or refused for good: the executor can forget it.</summary>
/// <param name="Task">The attempt.</param>
/// <param name="Accepted">Whether it was taken; false: the attempt was no longer the executor's.</param>
public sealed record AcknowledgedMessage(TaskAttempt Task, bool Accepted) : ServerMessage;

/// <summary>The connection is closed: the executor was found lost, or the server stops. It may register again.</summary>
/// <param name="Reason">Why, for a person.</param>
/// <param name="IsReplaced">
/// Whether another executor has registered with its id. Then it is not to register again: two of one id would throw each other out for ever.
/// </param>
public sealed record ClosedMessage(string Reason, bool IsReplaced = false) : ServerMessage;
