namespace Executor.Scheduling;

/// <summary>Why an attempt was lost: it ended without a report.</summary>
public enum LossReason
{
    /// <summary>The lease ran out. Counts against the task, which may be what brings its executors down.</summary>
    LeaseExpired,

    /// <summary>The executor went away. Counts against the task, which may be what brings its executors down.</summary>
    ExecutorLost,

    /// <summary>The scheduler itself was restarted. Says nothing about the task, so it doesn't count.</summary>
    SchedulerRestarted,
}
