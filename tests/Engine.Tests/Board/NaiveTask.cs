using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>A task of the <see cref="NaiveBoard"/>.</summary>
internal sealed class NaiveTask(TaskSpec spec, DateTimeOffset submittedAt)
{
    public string Id => Spec.TaskId!;

    public TaskSpec Spec { get; } = spec;

    public DateTimeOffset SubmittedAt { get; } = submittedAt;

    public DateTimeOffset? ExpiresAt => SubmittedAt + Spec.QueueTimeout;

    public TaskPhase Phase { get; set; }

    /// <summary>When it was last enqueued, as a number.</summary>
    public long Sequence { get; set; }

    public int Attempt { get; set; } = 1;

    public string? Executor { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public int Failures { get; set; }

    public int InfrastructureRetries { get; set; }

    public int LossRetries { get; set; }

    public bool CancelRequested { get; set; }

    public DateTimeOffset? CancelDueAt { get; set; }

    public bool WantsCache { get; set; }

    /// <summary>Whether its spec is in memory, and whether that is counted.</summary>
    public bool HasSpec { get; set; }

    public bool IsCounted { get; set; }

    public bool IsUnstored { get; set; }

    public bool KeepsSlot { get; set; }

    public TaskAttempt Current => new(Id, Attempt);

    public bool IsHeldBy(string executor, int attempt) =>
        Phase is TaskPhase.Loading or TaskPhase.Running or TaskPhase.Unclaimed && Attempt == attempt && Executor == executor;

    public bool IsWaiting => Phase is TaskPhase.New or TaskPhase.InCacheLookup or TaskPhase.Blocked or TaskPhase.Queued or TaskPhase.Requeuing;
}
