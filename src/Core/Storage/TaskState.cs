using Executor.Tasks;

namespace Executor.Storage;

/// <summary>
/// Where a stored task is, and what a write makes of it. Pure: every store applies exactly these rules. A rule answers the state
/// after it (this very instance where nothing changes but the write counts as done), or null where the write is stale.
/// </summary>
public sealed record TaskState
{
    /// <summary>Where it is. RUNNING may be told up to a second late, and not at all of a run that was shorter.</summary>
    public ExecutionStatus Status { get; init; }

    /// <summary>The attempt that runs, ran last, or (PENDING) will run next. From 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The executor that holds it or ran it; null while it waits.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The runtime that ran it; before, the language it asks for.</summary>
    public string? Runtime { get; init; }

    /// <summary>When the next attempt may start; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When the current attempt began to run; null: it has not, or that was not recorded.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the store took the result; null: the task has not ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Ended attempts that count against the task's own retry policy.</summary>
    public int Failures { get; init; }

    /// <summary>Infrastructure failures repeated without being asked.</summary>
    public int InfrastructureRetries { get; init; }

    /// <summary>Losses repeated without being asked.</summary>
    public int LossRetries { get; init; }

    /// <summary>Whether somebody asked for the task's end.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>The <see cref="TaskResult.Id"/> of the recorded result; null: the task has not ended.</summary>
    public Guid? ResultId { get; init; }

    /// <summary>The state of a task as submitted.</summary>
    public static TaskState Submitted(TaskSpec spec) => new() { Runtime = spec.Language };

    /// <summary>An attempt began to run.</summary>
    public TaskState? Start(TaskStart start) => IsCurrent(start.Attempt) ? this with
    {
        Status = ExecutionStatus.Running,
        ExecutorId = start.ExecutorId,
        NotBefore = null,
        StartedAt = StoredTime.Truncate(start.StartedAt),
    } : null;

    /// <summary>The current attempt ended with a result. The same result again is no second one.</summary>
    public TaskState? Complete(TaskResult result, DateTimeOffset now) => ResultId == result.Id ? this
        : IsCurrent(result.Attempt) ? End(result, now)
        : null;

    /// <summary>The task ended whatever its attempt is. The same result again is no second one.</summary>
    public TaskState? Cancel(TaskResult result, DateTimeOffset now) => ResultId == result.Id ? this
        : Status.IsFinal() ? null
        : End(result, now);

    /// <summary>Somebody asked for the task's end.</summary>
    public TaskState? RequestCancel() => Status.IsFinal() ? null : CancelRequested ? this : this with { CancelRequested = true };

    /// <summary>The current attempt ended and is followed by another.</summary>
    public TaskState? Requeue(TaskRequeue requeue) => IsCurrent(requeue.Attempt) ? this with
    {
        Status = ExecutionStatus.Pending,
        Attempt = Attempt + 1,
        ExecutorId = null,
        NotBefore = StoredTime.Truncate(requeue.NotBefore),
        StartedAt = null,
        Failures = requeue.Failures,
        InfrastructureRetries = requeue.InfrastructureRetries,
        LossRetries = requeue.LossRetries,
    } : null;

    private bool IsCurrent(int attempt) => !Status.IsFinal() && attempt == Attempt;

    private TaskState End(TaskResult result, DateTimeOffset now) => this with
    {
        Status = result.Status,
        ExecutorId = result.ExecutorId ?? ExecutorId,
        Runtime = result.RuntimeId ?? Runtime,
        NotBefore = null,
        StartedAt = result.StartTimeMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(result.StartTimeMs) : StartedAt,
        EndedAt = StoredTime.Truncate(now),
        ResultId = result.Id,
    };
}
