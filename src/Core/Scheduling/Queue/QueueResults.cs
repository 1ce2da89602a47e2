namespace Executor.Scheduling;

/// <summary>What came of enqueuing.</summary>
public enum EnqueueResult
{
    /// <summary>It waits.</summary>
    Queued,

    /// <summary>The task was waiting already; nothing changed.</summary>
    AlreadyQueued,

    /// <summary>An executor holds the task; nothing changed.</summary>
    AlreadyHeld,
}

/// <summary>What came of releasing.</summary>
public enum ReleaseResult
{
    /// <summary>The executor's room is free again.</summary>
    Released,

    /// <summary>That executor does not hold that attempt: whoever says so is stale. Nothing changed.</summary>
    NotHeld,
}

/// <summary>What came of cancelling. Closed: the cases below are all there are.</summary>
public abstract record CancelResult
{
    private protected CancelResult()
    {
    }
}

/// <summary>The task was waiting and no longer is.</summary>
public sealed record WaitingTaskRemoved(TaskAttempt Task) : CancelResult;

/// <summary>An executor holds the task and is to be told; its room is taken until <see cref="SchedulingQueue.Release"/>.</summary>
public sealed record TaskIsHeld(HeldTask Held) : CancelResult;

/// <summary>The task neither waits nor is held.</summary>
public sealed record TaskNotFound : CancelResult;

/// <summary>An attempt and the executor that holds, or held, it.</summary>
public readonly record struct HeldTask(TaskAttempt Task, string ExecutorId);

/// <summary>What came of registering.</summary>
/// <param name="Lost">Attempts it held before and does not run, or has no room for, any more.</param>
/// <param name="Stale">Attempts it runs and does not hold: to be stopped there.</param>
public sealed record Registration(IReadOnlyList<TaskAttempt> Lost, IReadOnlyList<TaskAttempt> Stale);

/// <summary>What came of a heartbeat. Closed: the cases below are all there are.</summary>
public abstract record HeartbeatResult
{
    private protected HeartbeatResult()
    {
    }
}

/// <summary>The leases of the executor and of the tasks it named are renewed.</summary>
/// <param name="Stale">Attempts it runs and does not hold: to be stopped there.</param>
public sealed record HeartbeatAccepted(IReadOnlyList<TaskAttempt> Stale) : HeartbeatResult;

/// <summary>The executor is not registered (its lease may have run out): it is to register again.</summary>
public sealed record HeartbeatFromUnknownExecutor : HeartbeatResult;

/// <summary>Whose leases ran out.</summary>
/// <param name="LostExecutors">Executors that were silent for too long; they are no longer registered.</param>
/// <param name="LostTasks">Tasks they held, and tasks that their living executors did not name for too long.</param>
public sealed record LeaseSweep(IReadOnlyList<string> LostExecutors, IReadOnlyList<HeldTask> LostTasks);

/// <summary>A registered executor.</summary>
/// <param name="ExecutorId">Which.</param>
/// <param name="Offer">What it registered with.</param>
/// <param name="Held">Tasks it holds.</param>
/// <param name="Free">What of its resources is not taken.</param>
/// <param name="Load">The fraction taken of the resource that is taken most: 0 idle, 1 full.</param>
/// <param name="IsDraining">Whether it is given nothing more.</param>
public sealed record ExecutorSnapshot(
    string ExecutorId, ExecutorOffer Offer, int Held, ResourceAmounts Free, double Load, bool IsDraining);
