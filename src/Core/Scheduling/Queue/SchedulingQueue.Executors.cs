namespace Executor.Scheduling;

public sealed partial class SchedulingQueue
{
    private readonly IndexedHeap<ExecutorState, ByExecutorLease> _executorLeases;
    private readonly IndexedHeap<Holding, ByTaskLease> _taskLeases;
    private long _registrations;

    /// <summary>
    /// Brings an executor in, or back with what it runs: what it held before and still runs stays its own. It accepts tasks
    /// from now on, also if it was draining.
    /// </summary>
    /// <param name="executorId">The executor.</param>
    /// <param name="offer">What it has; takes the place of what it had before.</param>
    /// <param name="running">What it runs. Nothing, for a new one.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">The offer has <see cref="ExecutorOffer.Faults"/>.</exception>
    public Registration Register(string executorId, ExecutorOffer offer, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(executorId);
        if (offer.Faults() is { Count: > 0 } faults)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(offer));
        }

        ExecutorPool pool = _index.PoolFor(new ExecutorProfile(offer));
        pool.Members++;
        _executors.TryGetValue(executorId, out ExecutorState? before);
        ExecutorState executor = new(executorId, offer, pool, before?.Registered ?? _registrations++);
        HashSet<TaskAttempt> claimed = [.. running];
        List<TaskAttempt> lost = [];
        if (before is not null)
        {
            foreach (Holding holding in InOrder(before.Held))
            {
                Forget(holding);
                if (!claimed.Contains(holding.Task.Task) || !TryRetake(holding, executor, now))
                {
                    lost.Add(holding.Task.Task);
                }
            }

            Unregister(before);
        }

        _executors.Add(executorId, executor);
        RenewLease(executor, now);
        pool.File(executor);
        return new Registration(lost, [.. running.Where(task => FindHolding(executorId, task) is null)]);
    }

    /// <summary>
    /// Gives a waiting task to an executor that runs it already: it had been given it before this queue was made from what is stored.
    /// Not a task with GPUs: which of them it has nobody knows any more.
    /// </summary>
    /// <returns>Whether it has it now; false: the task does not wait under that attempt, or there is no room for it.</returns>
    public bool Adopt(string executorId, TaskAttempt task, DateTimeOffset now)
    {
        if (!_executors.TryGetValue(executorId, out ExecutorState? executor)
            || !_tasks.TryGetValue(task.TaskId, out QueueEntry? entry)
            || entry.Holding is not null
            || entry.Attempt != task.Attempt
            || entry.Line.Requirements.Resources.Gpus > 0
            || !executor.Ledger.TryRetake(entry.Line.Requirements.Resources, []))
        {
            return false;
        }

        if (entry == entry.Line.Head)
        {
            ExecutorPool.Unreserve(entry.Line);
        }

        _waiting.Remove(entry);
        Hold(new Holding(entry, executor, []) { LeaseExpiresAt = executor.LeaseFrom(now) });
        executor.Pool.File(executor);
        return true;
    }

    /// <summary>
    /// Renews the lease of an executor and of the tasks that it names. A task that it holds and does not name is not renewed: it
    /// may be on its way to the executor, or lost, which its own lease will tell.
    /// </summary>
    /// <param name="executorId">The executor.</param>
    /// <param name="running">What it runs.</param>
    /// <param name="now">The time.</param>
    public HeartbeatResult Heartbeat(string executorId, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        if (!_executors.TryGetValue(executorId, out ExecutorState? executor))
        {
            return new HeartbeatFromUnknownExecutor();
        }

        RenewLease(executor, now);
        List<TaskAttempt> stale = [];
        foreach (TaskAttempt task in running)
        {
            if (FindHolding(executorId, task) is not Holding holding)
            {
                stale.Add(task);
            }
            else if (holding.LeaseExpiresAt != QueueEntry.Never)
            {
                holding.LeaseExpiresAt = executor.LeaseFrom(now);
                _taskLeases.Moved(holding);
            }
        }

        return new HeartbeatAccepted(stale);
    }

    /// <summary>Gives an executor nothing more until it registers again. An unknown one is passed over.</summary>
    /// <returns>What it still holds, in order.</returns>
    public IReadOnlyList<TaskAttempt> Drain(string executorId)
    {
        if (!_executors.TryGetValue(executorId, out ExecutorState? executor))
        {
            return [];
        }

        executor.Pool.Close(executor);
        return [.. InOrder(executor.Held).Select(holding => holding.Task.Task)];
    }

    /// <summary>Gives tasks again to an executor that was given nothing more. An unknown one is passed over.</summary>
    public void Resume(string executorId)
    {
        if (_executors.TryGetValue(executorId, out ExecutorState? executor))
        {
            executor.Pool.Reopen(executor);
        }
    }

    /// <summary>Takes an executor out: it is gone, or has been drained. An unknown one is passed over.</summary>
    /// <returns>What it held, in order.</returns>
    public IReadOnlyList<TaskAttempt> Lose(string executorId)
    {
        if (!_executors.TryGetValue(executorId, out ExecutorState? executor))
        {
            return [];
        }

        List<TaskAttempt> lost = [];
        foreach (Holding holding in InOrder(executor.Held))
        {
            Forget(holding);
            lost.Add(holding.Task.Task);
        }

        Unregister(executor);
        return lost;
    }

    /// <summary>Takes out the executors and the held tasks whose leases have run out.</summary>
    public LeaseSweep ExpireLeases(DateTimeOffset now)
    {
        List<string> lostExecutors = [];
        List<HeldTask> lostTasks = [];
        while (_executorLeases.First is ExecutorState executor && executor.LeaseExpiresAt <= now.UtcTicks)
        {
            lostExecutors.Add(executor.Id);
            lostTasks.AddRange(Lose(executor.Id).Select(task => new HeldTask(task, executor.Id)));
        }

        while (_taskLeases.First is Holding holding && holding.LeaseExpiresAt <= now.UtcTicks)
        {
            Forget(holding);
            lostTasks.Add(holding.Task);
        }

        return new LeaseSweep(lostExecutors, lostTasks);
    }

    /// <summary>The registered executors, in the order in which they came. Visits each.</summary>
    public IReadOnlyList<ExecutorSnapshot> Executors() =>
    [
        .. _executors.Values.OrderBy(executor => executor.Registered).Select(executor => new ExecutorSnapshot(
            executor.Id, executor.Offer, executor.Held.Count, executor.Ledger.Free, executor.Ledger.Load, executor.IsDraining)),
    ];

    private static List<Holding> InOrder(HashSet<Holding> held) => [.. held.OrderBy(holding => holding.Entry.Order)];

    private bool TryRetake(Holding before, ExecutorState executor, DateTimeOffset now)
    {
        QueueEntry entry = before.Entry;
        if (!executor.Ledger.TryRetake(entry.Line.Requirements.Resources, before.Devices))
        {
            return false;
        }

        _tasks.Add(entry.TaskId, entry);
        Hold(new Holding(entry, executor, before.Devices) { LeaseExpiresAt = executor.LeaseFrom(now) });
        return true;
    }

    private void RenewLease(ExecutorState executor, DateTimeOffset now)
    {
        if (executor.Offer.Lease is null)
        {
            return;
        }

        bool isNew = executor.LeaseExpiresAt == QueueEntry.Never;
        executor.LeaseExpiresAt = executor.LeaseFrom(now);
        if (isNew)
        {
            _executorLeases.Add(executor);
        }
        else
        {
            _executorLeases.Moved(executor);
        }
    }

    private void Unregister(ExecutorState executor)
    {
        executor.Pool.Close(executor);
        _executors.Remove(executor.Id);
        if (executor.LeaseExpiresAt != QueueEntry.Never)
        {
            _executorLeases.Remove(executor);
        }

        if (--executor.Pool.Members == 0)
        {
            _index.Remove(executor.Pool);
        }
    }
}
