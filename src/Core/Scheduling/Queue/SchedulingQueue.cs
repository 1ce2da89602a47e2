namespace Executor.Scheduling;

/// <summary>
/// Decides who runs what: waiting tasks on one side, executors with room on the other. Highest priority first, which grows with age, then oldest;
/// what a task needs must fit; among executors that fit, the least loaded. Pure: no I/O, no clock, no lock; one thread at a time.
/// <c>docs/scheduling.md</c> has the rules.
/// </summary>
/// <remarks>
/// It knows who holds which attempt, not what becomes of the task: an attempt that is lost, expired or released is forgotten
/// here, and <see cref="TaskLifecycle"/> says whether it is enqueued again, with the next attempt's number. Work per operation
/// grows with the logarithm of the number of tasks and executors, and with the number of different eligibilities (runner, code
/// executor, capabilities) that wait and could go to the executors at hand, with that of different executor profiles, and with
/// that of reserved executors; what no registered executor may be given costs nothing.
/// Times must not run backwards by more than a lease is worth; a host that can't trust its wall clock passes its start time plus
/// the elapsed timestamp.
/// </remarks>
public sealed partial class SchedulingQueue
{
    private readonly StepCounter _counter = new();
    private readonly Dictionary<string, QueueEntry> _tasks = [];
    private readonly Dictionary<string, ExecutorState> _executors = [];
    private readonly EligibilityIndex _index;
    private readonly WaitingTasks _waiting;
    private readonly Placement _placement;

    /// <summary>An empty queue.</summary>
    public SchedulingQueue(SchedulingOptions? options = null)
    {
        options ??= new SchedulingOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxPasses);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPassTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PriorityAging, TimeSpan.Zero);
        _index = new EligibilityIndex(_counter);
        _waiting = new WaitingTasks(options, _index, _counter);
        _placement = new Placement(options, _counter);
        _executorLeases = new IndexedHeap<ExecutorState, ByExecutorLease>(_counter);
        _taskLeases = new IndexedHeap<Holding, ByTaskLease>(_counter);
    }

    /// <summary>Tasks that wait, delayed ones included.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>Tasks that executors hold.</summary>
    public int HeldCount => _tasks.Count - _waiting.Count;

    /// <summary>Elements visited since the start.</summary>
    internal long Steps => _counter.Steps;

    /// <summary>
    /// When something is to be done though nobody calls (a delay ends: <see cref="Assign"/>; a task's queue timeout ends:
    /// <see cref="ExpireWaiting"/>; a lease runs out: <see cref="ExpireLeases"/>); null: never.
    /// </summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            long lease = long.Min(
                _executorLeases.First?.LeaseExpiresAt ?? QueueEntry.Never, _taskLeases.First?.LeaseExpiresAt ?? QueueEntry.Never);
            long due = long.Min(_waiting.NextDue, lease);
            return due == QueueEntry.Never ? null : new DateTimeOffset(due, TimeSpan.Zero);
        }
    }

    /// <summary>Lets a task wait for an executor.</summary>
    public EnqueueResult Enqueue(in QueuedTask task)
    {
        ArgumentException.ThrowIfNullOrEmpty(task.TaskId);
        ArgumentOutOfRangeException.ThrowIfLessThan(task.Attempt, 1);
        if (_tasks.TryGetValue(task.TaskId, out QueueEntry? known))
        {
            return known.Holding is null ? EnqueueResult.AlreadyQueued : EnqueueResult.AlreadyHeld;
        }

        _tasks.Add(task.TaskId, _waiting.Add(task));
        return EnqueueResult.Queued;
    }

    /// <summary>Takes a waiting task out, or says who holds it.</summary>
    public CancelResult Cancel(string taskId)
    {
        if (!_tasks.TryGetValue(taskId, out QueueEntry? entry))
        {
            return new TaskNotFound();
        }

        if (entry.Holding is Holding holding)
        {
            return new TaskIsHeld(holding.Task);
        }

        _waiting.Remove(entry);
        _tasks.Remove(taskId);
        return new WaitingTaskRemoved(entry.Task);
    }

    /// <summary>
    /// Takes out the tasks that waited past <see cref="QueuedTask.ExpiresAt"/>, those included that assigning has come upon
    /// since the last call.
    /// </summary>
    /// <returns>Them, first expired first. Each is answered once.</returns>
    public IReadOnlyList<TaskAttempt> ExpireWaiting(DateTimeOffset now)
    {
        _waiting.Advance(now.UtcTicks, _tasks);
        return _waiting.TakeExpired();
    }

    /// <summary>Frees the room of an attempt that has ended.</summary>
    public ReleaseResult Release(string executorId, TaskAttempt task)
    {
        if (FindHolding(executorId, task) is not Holding holding)
        {
            return ReleaseResult.NotHeld;
        }

        Forget(holding);
        return ReleaseResult.Released;
    }

    private Holding? FindHolding(string executorId, TaskAttempt task) =>
        _tasks.GetValueOrDefault(task.TaskId) is { Holding: Holding holding } entry
        && entry.Attempt == task.Attempt
        && holding.Executor.Id == executorId ? holding : null;

    private void Forget(Holding holding)
    {
        ExecutorState executor = holding.Executor;
        _tasks.Remove(holding.Entry.TaskId);
        executor.Held.Remove(holding);
        if (holding.LeaseExpiresAt != QueueEntry.Never)
        {
            _taskLeases.Remove(holding);
        }

        executor.Ledger.Return(holding.Entry.Line.Requirements.Resources, holding.Devices);
        executor.Pool.File(executor);
    }
}
