using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>A task of the <see cref="NaiveBoard"/>.</summary>
internal sealed class NaiveTask(TaskSpec spec, DateTimeOffset submittedAt, TaskState state)
{
    public string Id => Spec.TaskId!;

    public TaskSpec Spec { get; } = spec;

    public DateTimeOffset SubmittedAt { get; } = submittedAt;

    public DateTimeOffset? ExpiresAt => SubmittedAt + Spec.QueueTimeout;

    public TaskPhase Phase { get; set; }

    /// <summary>When it was last enqueued, as a number.</summary>
    public long Sequence { get; set; }

    public int Attempt { get; set; } = state.Attempt;

    public string? Executor { get; set; } = state.Status == ExecutionStatus.Running ? state.ExecutorId : null;

    public DateTimeOffset? NotBefore { get; set; } = state.NotBefore;

    /// <summary>The executor whose machinery failed the last attempt.</summary>
    public string? Avoid { get; set; }

    /// <summary>Until when it waits for another one to have room.</summary>
    public DateTimeOffset? AsideUntil { get; set; }

    public int Failures { get; set; } = state.Failures;

    public int InfrastructureRetries { get; set; } = state.InfrastructureRetries;

    public int LossRetries { get; set; } = state.LossRetries;

    public bool CancelRequested { get; set; } = state.CancelRequested;

    public DateTimeOffset? CancelDueAt { get; set; }

    public bool WantsCache { get; set; }

    /// <summary>Whether its spec is in memory.</summary>
    public bool HasSpec { get; set; }

    /// <summary>Whether that is counted.</summary>
    public bool IsCounted { get; set; }

    public bool IsUnstored { get; set; }

    public bool KeepsSlot { get; set; }

    public TaskAttempt Current => new(Id, Attempt);

    public bool IsWithExecutor => Phase is TaskPhase.Loading or TaskPhase.Running or TaskPhase.Unclaimed;

    public bool IsWaiting => !IsWithExecutor && Phase != TaskPhase.Ending;

    /// <summary>Counts a failure of the task's own.</summary>
    /// <returns>The wait before it is repeated; null: it is not.</returns>
    public TimeSpan? CountFailure()
    {
        // What it asks is known only with its spec.
        RetryPolicy policy = HasSpec && Spec.Retry is RetryPolicy asked ? asked : new RetryPolicy();
        return ++Failures < policy.MaxAttempts ? policy.Backoff * (1 << (Failures - 1)) : null;
    }
}
