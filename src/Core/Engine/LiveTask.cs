using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>A task that has not ended, in memory. All of it is guarded by the engine's lock.</summary>
internal sealed class LiveTask
{
    public LiveTask(TaskRecord record, TaskRequirements requirements)
    {
        TaskId = record.TaskId;
        SubmittedAt = record.SubmittedAt;
        Priority = record.Priority;
        ExpiresAt = record.ExpiresAt;
        Requirements = requirements;
    }

    public string TaskId { get; }

    public DateTimeOffset SubmittedAt { get; }

    /// <summary>When it fails unless it has started; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    public int Priority { get; }

    public TaskRequirements Requirements { get; }

    /// <summary>Where it is. Final while its result is on the way into the store.</summary>
    public TaskLifecycle State { get; set; } = TaskLifecycle.Submitted;

    /// <summary>The span in which it was submitted; null: none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What was asked; null: to be read from the store.</summary>
    public TaskSpec? Spec { get; set; }

    /// <summary>Bytes of <see cref="Spec"/> counted against the engine's memory for waiting tasks; 0: not counted.</summary>
    public int CountedBytes { get; set; }

    /// <summary>What is known only of a task that runs or that somebody looks at; null until then.</summary>
    public LiveDetails? Details { get; set; }

    public TaskAttempt Attempt => new(TaskId, State.Attempt);

    public LiveDetails NeedDetails() => Details ??= new LiveDetails();

    public QueuedTask ToQueued() => new()
    {
        TaskId = TaskId,
        Attempt = State.Attempt,
        SubmittedAt = SubmittedAt,
        Requirements = Requirements,
        Priority = Priority,
        NotBefore = State.NotBefore,
        // Patience ends with the first start: what is repeated has had its turn.
        ExpiresAt = State.Attempt == 1 ? ExpiresAt : null,
    };
}
