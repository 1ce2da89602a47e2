namespace Executor.Scheduling;

/// <summary>What came of an operation on a <see cref="TaskLifecycle"/>. Closed: the cases below are all there are.</summary>
public abstract record TaskTransition
{
    private protected TaskTransition(TaskLifecycle after) => After = after;

    /// <summary>The task's state after it, to be kept. For a refusal, the unchanged state.</summary>
    public TaskLifecycle After { get; }
}

/// <summary>The task was given to an executor: RUNNING, with <see cref="TaskLifecycle.Attempt"/> as the fence.</summary>
public sealed record TaskStarted(TaskLifecycle After) : TaskTransition(After);

/// <summary>The task ended: COMPLETED, FAILED or CANCELLED.</summary>
public sealed record TaskEnded(TaskLifecycle After) : TaskTransition(After);

/// <summary>The task waits again: PENDING, the attempt one higher, not before <see cref="TaskLifecycle.NotBefore"/>.</summary>
public sealed record TaskRequeued(TaskLifecycle After) : TaskTransition(After);

/// <summary>The task runs on until its executor, which is now to be told to stop it, reports or is lost.</summary>
public sealed record CancelAwaitsExecutor(TaskLifecycle After) : TaskTransition(After);

/// <summary>Nothing changed.</summary>
/// <param name="After">The unchanged state.</param>
/// <param name="Reason">Why.</param>
public sealed record TransitionRefused(TaskLifecycle After, RefusalReason Reason) : TaskTransition(After);

/// <summary>Why an operation on a task was refused.</summary>
public enum RefusalReason
{
    /// <summary>The task has ended; nothing follows.</summary>
    AlreadyEnded,

    /// <summary>The task is RUNNING.</summary>
    AlreadyRunning,

    /// <summary>The task is PENDING: nobody holds it, so nobody can report or lose it.</summary>
    NotRunning,

    /// <summary>Another attempt than the current one was named.</summary>
    StaleAttempt,

    /// <summary>The attempt is held by another executor.</summary>
    OtherExecutor,

    /// <summary>The wait before this attempt is not over.</summary>
    NotDue,
}
