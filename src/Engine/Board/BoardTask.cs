using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>A task that has not ended, in memory. There may be a million of these: keep it small.</summary>
internal sealed class BoardTask
{
    /// <summary>A task as it is stored.</summary>
    /// <param name="record">The stored task.</param>
    /// <param name="state">Where it is, as the store says.</param>
    /// <param name="requirements">What it needs.</param>
    public BoardTask(TaskRecord record, TaskState state, TaskRequirements requirements)
    {
        TaskId = record.TaskId;
        SubmittedAt = record.SubmittedAt;
        Priority = record.Priority;
        ExpiresAt = record.ExpiresAt;
        Requirements = requirements;
        State = StoredLifecycle.Of(state);
    }

    public string TaskId { get; }

    public DateTimeOffset SubmittedAt { get; }

    /// <summary>When it fails unless it has started; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    public int Priority { get; }

    public TaskRequirements Requirements { get; }

    /// <summary>Its life. Final while its result is on the way into the store.</summary>
    public TaskLifecycle State { get; set; }

    /// <summary>Where it is. Set by <see cref="LiveTasks.Move"/>, which counts.</summary>
    public TaskPhase Phase { get; set; }

    /// <summary>The span in which it was submitted; null: none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>What was asked; null: to be read from the store. Once it is here it stays.</summary>
    public TaskSpec? Spec { get; set; }

    /// <summary>Bytes of <see cref="Spec"/> counted against the memory for waiting tasks; 0: not counted.</summary>
    public int CountedBytes { get; set; }

    /// <summary>The attempt that an executor was last given; null: none by this board.</summary>
    public RunAttempt? Run { get; set; }

    /// <summary>Whether the cache is to be asked for its result when it is free to run.</summary>
    public bool WantsCache { get; set; }

    /// <summary>Whether its report counts among those that are on the way into the store.</summary>
    public bool IsUnstored { get; set; }

    /// <summary>Whether its executor's slot is freed only when the report is stored.</summary>
    public bool KeepsSlot { get; set; }

    /// <summary>The executor whose machinery failed the last attempt: another one is to take the next. Null: none did.</summary>
    public string? Avoid { get; set; }

    public TaskAttempt Attempt => new(TaskId, State.Attempt);

    public QueuedTask ToQueued() => new()
    {
        TaskId = TaskId,
        Attempt = State.Attempt,
        SubmittedAt = SubmittedAt,
        Requirements = Requirements,
        Priority = Priority,
        Avoid = Avoid,
        NotBefore = State.NotBefore,
        // The queue timeout ends with the first start: what is repeated has had its turn.
        ExpiresAt = State.Attempt == 1 ? ExpiresAt : null,
    };
}
