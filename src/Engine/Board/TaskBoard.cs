using Executor.Engine.Monitoring;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// Decides over every task that has not ended: which waits and for what, which executor has which, and what follows from each thing that
/// happens. Pure: no I/O, no clock, no lock, no waiting; one thread at a time. Each thing that happens is a method, here or in one of its four
/// parts; what is to be done about it is then taken with <see cref="TakeEffects"/>. <c>docs/engine.md</c> has the phases of a task.
/// </summary>
/// <remarks>
/// An effect that says "then tell" is to be told of exactly once, when it has been done: the board keeps the task in a phase of its own until
/// then. Effects may be carried out at the same time and in any order, but those of one executor in theirs.
/// </remarks>
internal sealed class TaskBoard
{
    private readonly TaskFlow _flow;

    /// <summary>An empty board.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="jitter">Numbers from 0 to 1 that spread retries; see <see cref="RetryRules.Backoff"/>.</param>
    public TaskBoard(BoardOptions options, Func<double> jitter)
    {
        _flow = new TaskFlow(options, jitter);
        Submits = new SubmitEvents(_flow, options);
        Attempts = new AttemptEvents(_flow, options);
        Restart = new RestartEvents(_flow, options);
        Executors = new ExecutorEvents(_flow, Restart);
    }

    /// <summary>How tasks come in.</summary>
    public SubmitEvents Submits { get; }

    /// <summary>What becomes of them.</summary>
    public AttemptEvents Attempts { get; }

    /// <summary>Who runs them.</summary>
    public ExecutorEvents Executors { get; }

    /// <summary>What an earlier process left.</summary>
    public RestartEvents Restart { get; }

    /// <summary>Tasks that have not ended, or whose ends are not stored.</summary>
    public int Count => _flow.Tasks.Count;

    /// <summary>Whether it waits for executors to come back with what they ran before a restart.</summary>
    public bool IsRecovering => _flow.Recovery.IsActive;

    /// <summary>When <see cref="Due"/> has something to do though nothing happens; null: never. May be in the past, and may turn out to be for nothing.</summary>
    public DateTimeOffset? NextDue => _flow.IsStopped ? null : Earliest(Earliest(Earliest(_flow.Queue.NextDue, Attempts.NextDue), _flow.Recovery.EndsAt), _flow.Health.NextDue);

    /// <summary>What is to be done, in order, about what has happened since the last call.</summary>
    public IReadOnlyList<BoardEffect> TakeEffects() => _flow.TakeEffects();

    /// <summary>Whether an executor of that id is registered.</summary>
    public bool IsRegistered(string executorId) => _flow.Executors.Find(executorId) is not null;

    /// <summary>Whether a task is here: its end is not stored.</summary>
    public bool IsLive(string taskId) => _flow.Tasks.Contains(taskId);

    /// <summary>A stored record with what memory knows better.</summary>
    public TaskRecord Current(TaskRecord record) => _flow.Tasks.Current(record);

    /// <summary>Where a task is that was stored in a given state.</summary>
    public ExecutionStatus StatusOf(string taskId, TaskState stored) =>
        _flow.Tasks.TryGet(taskId, out BoardTask? task) && task.State.Status == ExecutionStatus.Running ? ExecutionStatus.Running : stored.Status;

    /// <summary>How much there is to do, and who is there for it.</summary>
    public ExecutionLoad Load()
    {
        ExecutorSnapshot[] accepting = [.. _flow.Queue.Executors().Where(executor => !executor.IsDraining)];
        return new ExecutionLoad(
            _flow.Tasks.WaitingCount, _flow.Queue.HeldCount, accepting.Length, accepting.Sum(executor => (long)executor.Offer.MaxTasks));
    }

    /// <summary>The registered executors, in the order in which they came.</summary>
    public IReadOnlyList<ExecutorInfo> ListExecutors(DateTimeOffset now) => _flow.Executors.Describe(_flow.Queue.Executors(), now);

    /// <summary>Does what is due: leases, delays, queue timeouts, cancels that nobody has answered, the end of the recovery.</summary>
    public void Due(DateTimeOffset now)
    {
        if (_flow.IsStopped)
        {
            return;
        }

        Restart.EndRecoveryIfOver(now);
        Executors.ExpireLeases(now);
        _flow.ExpireWaiting(now);
        Attempts.EndOverdueCancels(now);
        _flow.Health.EndQuarantines(now);
        _flow.Assign(now);
    }

    /// <summary>Stops: nothing is given out any more, and nothing that an executor says counts.</summary>
    /// <returns>The links to close.</returns>
    public IReadOnlyList<IExecutorLink> Stop()
    {
        _flow.IsStopped = true;
        return [.. _flow.Executors.All.Select(executor => executor.Link)];
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;
}
