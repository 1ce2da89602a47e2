using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>What an executor says to a server. Closed: these are all there are. Transports only encode them.</summary>
public abstract record ExecutorMessage
{
    private protected ExecutorMessage()
    {
    }
}

/// <summary>Brings the executor in, or back with what it runs. The first message of a connection.</summary>
/// <param name="Registration">What it says of itself.</param>
/// <param name="Running">What it runs or has results of that were not acknowledged. Nothing, for a new one.</param>
public sealed record RegisterMessage(ExecutorRegistration Registration, IReadOnlyList<TaskAttempt> Running) : ExecutorMessage
{
    /// <summary>Whether it is given nothing, but keeps what it runs. Not said by WebSocket, where a <see cref="DrainMessage"/> follows.</summary>
    public bool IsDraining { get; init; }
}

/// <summary>A sign of life, at least three times a lease: renews the lease of the executor and of the attempts it names.</summary>
/// <param name="Running">What it runs or has results of that were not acknowledged.</param>
public sealed record HeartbeatMessage(IReadOnlyList<TaskAttempt> Running) : ExecutorMessage;

/// <summary>A piece of an attempt's output.</summary>
/// <param name="Task">The attempt. Output of one that is not the executor's own is passed over.</param>
/// <param name="Stream">Which stream.</param>
/// <param name="Data">The piece; on its way within a process it may be read only during the call that hands it on.</param>
public sealed record OutputMessage(TaskAttempt Task, OutputStream Stream, ReadOnlyMemory<byte> Data) : ExecutorMessage
{
    /// <summary>The piece's number: those of an attempt, of both streams together, count from 1 on a connection that may break. 0: it can't be lost, and has none.</summary>
    public long Seq { get; init; }
}

/// <summary>The end of an attempt. Kept until it is acknowledged, and said again on a next connection.</summary>
/// <param name="Task">The attempt.</param>
/// <param name="Result">What came of it.</param>
public sealed record ResultMessage(TaskAttempt Task, TaskResult Result) : ExecutorMessage;

/// <summary>The executor wants nothing more; what it runs goes on.</summary>
public sealed record DrainMessage : ExecutorMessage;

/// <summary>The executor goes away for good; what it still runs goes elsewhere.</summary>
public sealed record LeaveMessage : ExecutorMessage;

/// <summary>
/// The executor's connection broke: it is given nothing, and what it runs is kept for it until its lease runs out. Said for it by the process
/// that it was connected to.
/// </summary>
public sealed record DisconnectedMessage : ExecutorMessage;
