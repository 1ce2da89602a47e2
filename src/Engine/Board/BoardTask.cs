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

    /// <summary>What was asked; null: to be read from the store. Once it is here it stays, but what only a run needs may go: see <see cref="HasPayload"/>.</summary>
    public TaskSpec? Spec { get; private set; }

    /// <summary>Whether all of <see cref="Spec"/> is here, as a run needs it.</summary>
    public bool HasPayload { get; private set; }

    /// <summary>About how much memory the whole spec takes, as far as is known; see <see cref="SpecSize"/>.</summary>
    public int SpecBytes { get; private set; } = SpecSize.Unknown;

    /// <summary>Whether <see cref="SpecBytes"/> are counted against the memory for waiting tasks.</summary>
    public bool IsCounted { get; set; }

    /// <summary>The attempt that an executor was last given; null: none by this board.</summary>
    public RunAttempt? Run { get; set; }

    /// <summary>Whether the cache is to be asked for its result when it is free to run.</summary>
    public bool WantsCache { get; set; }

    /// <summary>About how much memory its report takes on the way into the store; 0: none is on the way.</summary>
    public long UnstoredBytes { get; set; }

    /// <summary>Whether its executor's slot is freed only when the report is stored.</summary>
    public bool KeepsSlot { get; set; }

    /// <summary>The executor whose machinery failed the last attempt: another one is to take the next. Null: none did.</summary>
    public string? Avoid { get; set; }

    public TaskAttempt Attempt => new(TaskId, State.Attempt);

    /// <summary>Takes what was asked.</summary>
    /// <param name="spec">All of it.</param>
    /// <param name="keeps">Whether it stays here; else only its weight does.</param>
    public void Take(TaskSpec spec, bool keeps = true)
    {
        SpecBytes = SpecSize.Of(spec);
        if (keeps)
        {
            (Spec, HasPayload) = (spec, true);
        }
    }

    /// <summary>An executor has it: what only a run needs goes, if it is much. The next run reads it again.</summary>
    public void DropPayload()
    {
        if (HasPayload && SpecBytes > SpecSize.Small)
        {
            (Spec, HasPayload) = (Spec!.WithoutPayload(), false);
        }
    }

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
