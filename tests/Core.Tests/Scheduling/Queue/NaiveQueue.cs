namespace Executor.Scheduling;

/// <summary>
/// The rules of docs/scheduling.md written as plainly as they can be: lists, linear scans, everything counted afresh. What
/// <see cref="SchedulingQueue"/> answers is compared with this.
/// </summary>
internal sealed class NaiveQueue(SchedulingOptions options)
{
    private readonly List<Task> _tasks = [];
    private readonly List<Worker> _workers = [];
    private readonly List<TaskAttempt> _expired = [];
    private readonly Dictionary<(TaskRequirements, int), DateTimeOffset> _lastReserved = [];
    private readonly Dictionary<(TaskRequirements, int), (Task Task, DateTimeOffset Since, int Passes)> _passed = [];
    private long _sequence;
    private long _registrations;

    public int WaitingCount => _tasks.Count(task => task.Worker is null);

    public int HeldCount => _tasks.Count(task => task.Worker is not null);

    public IEnumerable<(string Executor, int Held, ResourceAmounts Free, bool Draining)> Workers => _workers
        .OrderBy(worker => worker.Registered)
        .Select(worker => (worker.Id, HeldBy(worker).Count, Free(worker), worker.IsDraining));

    public EnqueueResult Enqueue(QueuedTask queued)
    {
        if (_tasks.Find(task => task.Queued.TaskId == queued.TaskId) is Task known)
        {
            return known.Worker is null ? EnqueueResult.AlreadyQueued : EnqueueResult.AlreadyHeld;
        }

        _tasks.Add(new Task(queued, _sequence++) { IsDelayed = queued.NotBefore is not null });
        return EnqueueResult.Queued;
    }

    public CancelResult Cancel(string taskId)
    {
        if (_tasks.Find(task => task.Queued.TaskId == taskId) is not Task found)
        {
            return new TaskNotFound();
        }

        if (found.Worker is Worker worker)
        {
            return new TaskIsHeld(new HeldTask(found.Attempt, worker.Id));
        }

        Remove(found);
        return new WaitingTaskRemoved(found.Attempt);
    }

    public IReadOnlyList<TaskAttempt> ExpireWaiting(DateTimeOffset now)
    {
        Advance(now);
        List<TaskAttempt> expired = [.. _expired];
        _expired.Clear();
        return expired;
    }

    public ReleaseResult Release(string executorId, TaskAttempt attempt)
    {
        Task? held = _tasks.Find(task => task.Attempt == attempt && task.Worker?.Id == executorId);
        return held is not null && _tasks.Remove(held) ? ReleaseResult.Released : ReleaseResult.NotHeld;
    }

    public Registration Register(
        string executorId, ExecutorOffer offer, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        Worker? before = _workers.Find(worker => worker.Id == executorId);
        Worker worker = new(executorId, offer, before?.Registered ?? _registrations++) { LeaseExpiresAt = now + offer.Lease };
        _workers.Add(worker);
        List<TaskAttempt> lost = [];
        if (before is not null)
        {
            _workers.Remove(before);
            foreach (Task task in HeldBy(before))
            {
                if (running.Contains(task.Attempt)
                    && task.Needs.FitsIn(Free(worker))
                    && task.Devices.All(device => FreeDevices(worker).Contains(device)))
                {
                    task.Worker = worker;
                    task.LeaseExpiresAt = now + offer.Lease;
                }
                else
                {
                    lost.Add(task.Attempt);
                    _tasks.Remove(task);
                }
            }
        }

        return new Registration(lost, [.. running.Where(attempt => !HeldBy(worker).Exists(task => task.Attempt == attempt))]);
    }

    public HeartbeatResult Heartbeat(string executorId, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        if (_workers.Find(worker => worker.Id == executorId) is not Worker worker)
        {
            return new HeartbeatFromUnknownExecutor();
        }

        worker.LeaseExpiresAt = now + worker.Offer.Lease;
        foreach (Task task in HeldBy(worker).Where(task => running.Contains(task.Attempt)))
        {
            task.LeaseExpiresAt = now + worker.Offer.Lease;
        }

        return new HeartbeatAccepted([.. running.Where(attempt => !HeldBy(worker).Exists(task => task.Attempt == attempt))]);
    }

    public IReadOnlyList<TaskAttempt> Drain(string executorId)
    {
        if (_workers.Find(worker => worker.Id == executorId) is not Worker worker)
        {
            return [];
        }

        worker.IsDraining = true;
        worker.Reserved.Clear();
        return [.. HeldBy(worker).Select(task => task.Attempt)];
    }

    public IReadOnlyList<TaskAttempt> Lose(string executorId)
    {
        if (_workers.Find(worker => worker.Id == executorId) is not Worker worker)
        {
            return [];
        }

        List<Task> held = HeldBy(worker);
        _workers.Remove(worker);
        _tasks.RemoveAll(held.Contains);
        return [.. held.Select(task => task.Attempt)];
    }

    public LeaseSweep ExpireLeases(DateTimeOffset now)
    {
        List<string> lostExecutors =
        [
            .. _workers.Where(worker => worker.LeaseExpiresAt <= now)
                .OrderBy(worker => worker.LeaseExpiresAt).ThenBy(worker => worker.Registered).Select(worker => worker.Id),
        ];
        List<HeldTask> lostTasks =
            [.. lostExecutors.SelectMany(id => Lose(id).Select(attempt => new HeldTask(attempt, id)))];
        List<Task> unnamed =
        [
            .. _tasks.Where(task => task.Worker is not null && task.LeaseExpiresAt <= now)
                .OrderBy(task => task.LeaseExpiresAt).ThenBy(task => task.Sequence),
        ];
        lostTasks.AddRange(unnamed.Select(task => new HeldTask(task.Attempt, task.Worker!.Id)));
        _tasks.RemoveAll(unnamed.Contains);
        return new LeaseSweep(lostExecutors, lostTasks);
    }

    public IReadOnlyList<Assignment> Assign(DateTimeOffset now, int max) =>
        Assign(now, max, () => [.. _workers.Where(worker => !worker.IsDraining)]);

    public IReadOnlyList<Assignment> AssignTo(string executorId, int max, DateTimeOffset now) =>
        Assign(now, max, () => [.. _workers.Where(worker => worker.Id == executorId && !worker.IsDraining)]);

    private List<Assignment> Assign(DateTimeOffset now, int max, Func<List<Worker>> candidates)
    {
        Advance(now);
        List<Assignment> given = [];
        while (given.Count < max)
        {
            List<Worker> workers = candidates();
            List<Task> line = InLine();
            (Task? task, Worker? worker) = line
                .Select(task => (task, workers.Where(worker => HasRoom(worker, task, line))
                    .OrderBy(Load).ThenBy(worker => worker.Registered).FirstOrDefault()))
                .FirstOrDefault(pair => pair.Item2 is not null);
            if (worker is null)
            {
                return given;
            }

            Task? passed = line.TakeWhile(earlier => earlier != task)
                .FirstOrDefault(earlier => worker.Offer.CanHold(earlier.Requirements)
                    && !task!.Needs.FitsIn(Beside(Free(worker), earlier.Needs))
                    && (!_workers.Exists(other => other.Reserved.Contains(earlier.Line))
                        || _lastReserved[earlier.Line] + options.MaxPassTime <= now));
            if (passed is not null && !MayBePassed(passed, now))
            {
                worker.Reserved.Add(passed.Line);
                _lastReserved[passed.Line] = now;
                continue;
            }

            _workers.ForEach(other => other.Reserved.Remove(task!.Line));
            task!.Devices = [.. FreeDevices(worker).Take(task.Needs.Gpus)];
            task.Worker = worker;
            task.LeaseExpiresAt = now + worker.Offer.Lease;
            given.Add(new Assignment(task.Attempt, worker.Id, task.Devices, task.LeaseExpiresAt));
        }

        return given;
    }

    private bool MayBePassed(Task passed, DateTimeOffset now)
    {
        (Task? task, DateTimeOffset since, int passes) = _passed.GetValueOrDefault(passed.Line);
        if (task != passed)
        {
            (since, passes) = (now, 0);
        }

        bool may = passes < options.MaxPasses && now - since < options.MaxPassTime;
        _passed[passed.Line] = (passed, since, may ? passes + 1 : passes);
        return may;
    }

    private bool HasRoom(Worker worker, Task task, List<Task> line)
    {
        List<Task> earlier = [.. line.TakeWhile(other => other != task)];
        IEnumerable<ResourceAmounts> kept = worker.Reserved
            .Where(line => line != task.Line && earlier.Exists(other => other.Line == line))
            .Select(line => line.Item1.Resources);
        return worker.Offer.CanHold(task.Requirements) && task.Needs.FitsIn(kept.Aggregate(Free(worker), Beside));
    }

    /// <summary>What is left when that much is set aside.</summary>
    private static ResourceAmounts Beside(ResourceAmounts free, ResourceAmounts kept)
    {
        return new ResourceAmounts(
            Left(free.Slots, kept.Slots),
            Left(free.CpuMillis, kept.CpuMillis),
            Left(free.MemoryMb, kept.MemoryMb),
            Left(free.Gpus, kept.Gpus));

        static int Left(int amount, int kept) => amount == ResourceAmounts.Uncounted ? amount : int.Max(0, amount - kept);
    }

    private List<Task> InLine() =>
    [
        .. _tasks.Where(task => task.Worker is null && !task.IsDelayed)
            .OrderBy(Rank).ThenBy(task => task.Sequence),
    ];

    /// <summary>Priority first, or as much of an age as it is worth; less is earlier.</summary>
    private (int, long) Rank(Task task) => options.PriorityAging == TimeSpan.Zero
        ? (-task.Queued.Priority, task.Queued.SubmittedAt.UtcTicks)
        : (0, task.Queued.SubmittedAt.UtcTicks - (task.Queued.Priority * options.PriorityAging.Ticks));

    private List<Task> HeldBy(Worker worker) =>
    [
        .. _tasks.Where(task => task.Worker == worker)
            .OrderBy(Rank).ThenBy(task => task.Sequence),
    ];

    private ResourceAmounts Free(Worker worker)
    {
        List<Task> held = HeldBy(worker);
        return new ResourceAmounts(
            worker.Offer.MaxTasks - held.Count,
            worker.Offer.Cpus is double cpus
                ? ResourceAmounts.Millis(cpus) - held.Sum(task => task.Needs.CpuMillis)
                : ResourceAmounts.Uncounted,
            worker.Offer.MemoryMb is int memory ? memory - held.Sum(task => task.Needs.MemoryMb) : ResourceAmounts.Uncounted,
            worker.Offer.GpuDevices.Count - held.Sum(task => task.Needs.Gpus));
    }

    private List<int> FreeDevices(Worker worker) =>
        [.. worker.Offer.GpuDevices.Except(HeldBy(worker).SelectMany(task => task.Devices)).Order()];

    private double Load(Worker worker)
    {
        ResourceAmounts free = Free(worker);
        ResourceAmounts total = worker.Offer.Total;
        return new[]
        {
            Fraction(free.Slots, total.Slots),
            Fraction(free.CpuMillis, total.CpuMillis),
            Fraction(free.MemoryMb, total.MemoryMb),
            Fraction(free.Gpus, total.Gpus),
        }.Max();

        static double Fraction(int free, int total) =>
            total is 0 or ResourceAmounts.Uncounted ? 0 : (double)(total - free) / total;
    }

    private void Advance(DateTimeOffset now)
    {
        foreach (Task task in _tasks.Where(task => task.Worker is null && task.Queued.ExpiresAt <= now)
            .OrderBy(task => task.Queued.ExpiresAt).ThenBy(task => task.Sequence).ToList())
        {
            Remove(task);
            _expired.Add(task.Attempt);
        }

        foreach (Task task in _tasks.Where(task => task.Queued.NotBefore <= now))
        {
            task.IsDelayed = false;
        }
    }

    private void Remove(Task task)
    {
        _tasks.Remove(task);
        if (!InLine().Exists(other => other.Line == task.Line))
        {
            _workers.ForEach(worker => worker.Reserved.Remove(task.Line));
        }
    }

    private sealed class Task(QueuedTask queued, long sequence)
    {
        public QueuedTask Queued { get; } = queued;

        public long Sequence { get; } = sequence;

        public TaskRequirements Requirements { get; } = queued.Requirements ?? TaskRequirements.None;

        public ResourceAmounts Needs => Requirements.Resources;

        public (TaskRequirements, int) Line => (Requirements, Queued.Priority);

        public TaskAttempt Attempt => new(Queued.TaskId, Queued.Attempt);

        public bool IsDelayed { get; set; }

        public Worker? Worker { get; set; }

        public List<int> Devices { get; set; } = [];

        public DateTimeOffset? LeaseExpiresAt { get; set; }
    }

    private sealed class Worker(string id, ExecutorOffer offer, long registered)
    {
        public string Id { get; } = id;

        public ExecutorOffer Offer { get; } = offer;

        public long Registered { get; } = registered;

        public DateTimeOffset? LeaseExpiresAt { get; set; }

        public bool IsDraining { get; set; }

        public List<(TaskRequirements, int)> Reserved { get; } = [];
    }
}
