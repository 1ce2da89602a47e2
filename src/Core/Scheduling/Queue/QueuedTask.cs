namespace Executor.Scheduling;

/// <summary>A task to wait for an executor: only what scheduling needs of it.</summary>
public readonly record struct QueuedTask
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The attempt that is to run, from 1. Never one that was handed out before.</summary>
    public required int Attempt { get; init; }

    /// <summary>
    /// When the task was submitted: its age. The same for every attempt, so that a repeated task doesn't lose its place. Equal times
    /// are ordered as they were enqueued.
    /// </summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>What it needs. Null: a slot of any executor.</summary>
    public TaskRequirements? Requirements { get; init; }

    /// <summary>Higher runs first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>The executor that failed it last: it is given to that one only where no other could take it. Null: none.</summary>
    public string? Avoid { get; init; }

    /// <summary>Not given to anybody before then; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Not given to anybody from then on, but answered by <see cref="SchedulingQueue.ExpireWaiting"/>; null: it waits for ever.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
