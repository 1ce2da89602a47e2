using Executor.Execution;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// The rules of docs/engine.md and docs/scheduling.md written as plainly as they can be: lists, linear scans. What a <see cref="TaskBoard"/>
/// answers is compared with this. Retries have no jitter.
/// </summary>
internal sealed class NaiveBoard(BoardOptions options, int specBytes)
{
    private readonly List<NaiveTask> _tasks = [];
    private readonly List<Slot> _slots = [];
    private readonly List<Worker> _workers = [];
    private readonly List<(string Child, string Parent)> _edges = [];
    private readonly List<Flight> _flights = [];
    private readonly List<string> _awaited = [];
    private List<string> _effects = [];
    private DateTimeOffset? _recoveryEnds;
    private long _sequence;
    private long _registrations;
    private int _unstored;

    public IReadOnlyList<NaiveTask> Tasks => _tasks;

    public IEnumerable<string> Workers => _workers.OrderBy(worker => worker.Order)
        .Select(worker => $"{worker.Id} {_slots.Count(slot => slot.Executor == worker.Id)} {worker.IsDraining}");

    /// <summary>When something is due; null: never.</summary>
    /// <param name="since">When was last looked.</param>
    public DateTimeOffset? NextDue(DateTimeOffset since) =>
        ((DateTimeOffset?[])
        [
            _recoveryEnds,
            .. _workers.Select(worker => worker.LeaseUntil),
            .. _slots.Select(slot => slot.LeaseUntil),
            .. _tasks.Where(task => task.Phase == TaskPhase.Queued && task.NotBefore > since).Select(task => task.NotBefore),
            .. _tasks.Where(task => task.Phase == TaskPhase.Queued && task.Attempt == 1).Select(task => task.ExpiresAt),
            .. _tasks.Where(task => task.Phase is TaskPhase.Running or TaskPhase.Unclaimed).Select(task => task.CancelDueAt),
        ]).Min();

    public List<string> TakeEffects()
    {
        List<string> effects = _effects;
        _effects = [];
        return effects;
    }

    public NaiveTask? Find(string id) => _tasks.Find(task => task.Id == id);

    public bool IsCurrent(string executor, long registration) => _workers.Exists(worker => worker.Id == executor && worker.Number == registration);

    public bool CanSubmit(int count) => _tasks.Count(task => task.Phase is not (TaskPhase.Loading or TaskPhase.Running or TaskPhase.Ending))
        + _flights.Count + count <= options.MaxWaiting;

    public void Submit(IReadOnlyList<TaskSpec> specs) => _flights.AddRange(specs.Select(spec => new Flight(spec)));

    /// <summary>Links tasks to their parents.</summary>
    /// <returns>Whether all parents exist.</returns>
    public bool Link(IReadOnlyList<TaskSpec> specs, Func<string, ExecutionStatus?> stored)
    {
        List<TaskSpec> added = [.. specs.Where(spec => Find(spec.TaskId!) is null && stored(spec.TaskId!) is null)];
        List<string> parents = [.. added.SelectMany(spec => spec.DependsOn ?? []).Distinct()];
        if (parents.Exists(id => !added.Exists(spec => spec.TaskId == id) && Find(id) is null && stored(id) is null))
        {
            return false;
        }

        foreach (TaskSpec spec in added)
        {
            _flights.Find(flight => ReferenceEquals(flight.Spec, spec))!.IsLinked = true;
            _edges.AddRange((spec.DependsOn ?? []).Distinct()
                .Where(id => added.Exists(other => other.TaskId == id) || Find(id) is not null)
                .Select(id => (spec.TaskId!, id)));
        }

        foreach (TaskSpec spec in added)
        {
            if ((spec.DependsOn ?? []).Any(id => !_edges.Contains((spec.TaskId!, id)) && stored(id) != ExecutionStatus.Completed))
            {
                FailInFlight(spec.TaskId!);
            }
        }

        return true;
    }

    public void StoreFailed(IReadOnlyList<TaskSpec> specs)
    {
        foreach (TaskSpec spec in specs)
        {
            Flight flight = _flights.Find(flight => ReferenceEquals(flight.Spec, spec))!;
            _flights.Remove(flight);
            if (flight.IsLinked)
            {
                _edges.RemoveAll(edge => edge.Child == spec.TaskId || edge.Parent == spec.TaskId);
            }
        }
    }

    public void Stored(IReadOnlyList<TaskSpec> specs, IReadOnlyList<SubmitOutcome> outcomes, DateTimeOffset submittedAt, DateTimeOffset now)
    {
        foreach ((TaskSpec spec, SubmitOutcome outcome) in specs.Zip(outcomes))
        {
            Flight flight = _flights.Find(flight => ReferenceEquals(flight.Spec, spec))!;
            _flights.Remove(flight);
            bool isNew = outcome.Status == SubmitStatus.Stored || outcome is { Status: SubmitStatus.Existing, State.Status: ExecutionStatus.Pending };
            if (Find(spec.TaskId!) is not null)
            {
                continue;
            }

            if (!isNew || flight.HasEnded)
            {
                if (flight.IsLinked)
                {
                    GoOnWithout(spec.TaskId!, outcome.State.Status == ExecutionStatus.Completed);
                }

                continue;
            }

            NaiveTask task = new(spec, submittedAt) { WantsCache = spec.Cache is not null };
            Restore(task, outcome.State);
            _tasks.Add(task);
            task.HasSpec = task.IsCounted = (_tasks.Count(other => other.IsCounted) + 1) * specBytes <= options.MaxSpecBytes;
            if (flight.HasFailed)
            {
                End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
            }
            else
            {
                Place(task);
            }
        }

        Assign(now);
    }

    public void CacheAnswered(string id, bool isFound, DateTimeOffset now)
    {
        if (Find(id) is { Phase: TaskPhase.InCacheLookup } task)
        {
            if (isFound)
            {
                End(task, ExecutionStatus.Completed, null);
            }
            else
            {
                Place(task);
                Assign(now);
            }
        }
    }

    public void SpecsRead(IReadOnlyList<TaskAttempt> attempts, DateTimeOffset now)
    {
        foreach (NaiveTask task in attempts.Select(attempt => _tasks.Find(task => task.Current == attempt && task.Phase == TaskPhase.Loading)).OfType<NaiveTask>())
        {
            task.HasSpec = true;
            task.Phase = TaskPhase.Running;
            _effects.Add($"run {task.Current} on {task.Executor}");
        }

        Assign(now);
    }

    public bool Report(string executor, long registration, TaskAttempt attempt, AttemptOutcome outcome, DateTimeOffset now)
    {
        if (!IsCurrent(executor, registration))
        {
            return false;
        }

        if (Find(attempt.TaskId) is not NaiveTask task || !task.IsHeldBy(executor, attempt.Attempt))
        {
            UseUp(attempt);
            Free(executor, attempt);
            Assign(now);
            return false;
        }

        RetryPolicy policy = task.HasSpec && task.Spec.Retry is RetryPolicy asked ? asked : new RetryPolicy();
        ExecutionStatus? ended = null;
        TimeSpan wait = TimeSpan.Zero;
        if (outcome == AttemptOutcome.Completed)
        {
            ended = ExecutionStatus.Completed;
        }
        else if (task.CancelRequested || outcome == AttemptOutcome.Cancelled)
        {
            ended = ExecutionStatus.Cancelled;
        }
        else if (outcome == AttemptOutcome.InfrastructureFailed && task.InfrastructureRetries < 3)
        {
            wait = TimeSpan.FromSeconds(1 << task.InfrastructureRetries++);
        }
        else if (++task.Failures < policy.MaxAttempts)
        {
            wait = policy.Backoff * (1 << (task.Failures - 1));
        }
        else
        {
            ended = ExecutionStatus.Failed;
        }

        task.IsUnstored = true;
        task.KeepsSlot = _unstored++ >= options.MaxUnstoredResults && ended is not null;
        // It is not to be given again before it is known to be repeated.
        task.Phase = TaskPhase.Ending;
        task.IsCounted = false;
        if (!task.KeepsSlot)
        {
            Free(executor, attempt);
            Assign(now);
        }

        if (ended is ExecutionStatus status)
        {
            End(task, status, status == ExecutionStatus.Failed ? "reported" : null);
        }
        else
        {
            Requeue(task, now + wait);
        }

        return true;
    }

    public void EndStored(string id, ExecutionStatus status, DateTimeOffset now)
    {
        NaiveTask task = Find(id)!;
        _tasks.Remove(task);
        _flights.FindAll(flight => flight.Spec.TaskId == id).ForEach(flight => flight.HasEnded = true);
        Settle(task);
        _effects.Add($"announce {id} {status}");
        GoOnWithout(id, status == ExecutionStatus.Completed);
        Assign(now);
    }

    public void RequeueStored(TaskAttempt next, DateTimeOffset now)
    {
        NaiveTask? task = Find(next.TaskId);
        if (task is not null)
        {
            Settle(task);
        }

        if (task is { Phase: TaskPhase.Requeuing } && task.Current == next)
        {
            Enqueue(task);
        }

        Assign(now);
    }

    public CancelOutcome? Cancel(string id, DateTimeOffset now)
    {
        if (Find(id) is not NaiveTask task)
        {
            return null;
        }

        switch (task.Phase)
        {
            case TaskPhase.Ending:
                return CancelOutcome.AlreadyEnded;
            case TaskPhase.Running or TaskPhase.Unclaimed:
                task.CancelDueAt ??= now + options.CancelGrace;
                task.CancelRequested = true;
                if (_workers.Exists(worker => worker.Id == task.Executor))
                {
                    _effects.Add($"stop {task.Current} on {task.Executor}");
                }

                _effects.Add($"note cancel of {id}");
                return CancelOutcome.Requested;
            case TaskPhase.Loading:
                Free(task.Executor!, task.Current);
                End(task, ExecutionStatus.Cancelled, null);
                Assign(now);
                return CancelOutcome.Cancelled;
            default:
                End(task, ExecutionStatus.Cancelled, null);
                return CancelOutcome.Cancelled;
        }
    }

    public IReadOnlyList<TaskAttempt> Register(
        string id, long number, int maxTasks, bool hasTag, TimeSpan? lease, IReadOnlyList<TaskAttempt> running, bool isDrained, DateTimeOffset now)
    {
        Worker? before = _workers.Find(worker => worker.Id == id);
        Worker worker = new(id, number, maxTasks, hasTag, lease, before?.Order ?? _registrations++) { LeaseUntil = now + lease };
        if (before is not null)
        {
            _workers.Remove(before);
            _effects.Add($"replace {id}");
        }

        _workers.Add(worker);
        List<Slot> held = [.. _slots.Where(slot => slot.Executor == id).OrderByDescending(slot => slot.Priority).ThenBy(slot => slot.SubmittedAt).ThenBy(slot => slot.Sequence)];
        _slots.RemoveAll(held.Contains);
        List<TaskAttempt> lost = [];
        foreach (Slot slot in held)
        {
            if (running.Contains(slot.Task) && Used(id) < maxTasks)
            {
                _slots.Add(slot with { LeaseUntil = now + lease });
            }
            else
            {
                lost.Add(slot.Task);
            }
        }

        List<TaskAttempt> stale = [.. running.Where(attempt => !_slots.Exists(slot => slot.Executor == id && slot.Task == attempt))];
        if (_recoveryEnds is not null)
        {
            stale.RemoveAll(attempt => Adopt(worker, attempt, now));
            _awaited.Remove(id);
        }

        stale.ForEach(UseUp);
        foreach (TaskAttempt attempt in running.Except(stale))
        {
            if (Find(attempt.TaskId) is { CancelRequested: true } task && task.Current == attempt)
            {
                _effects.Add($"stop {attempt} on {id}");
            }
        }

        worker.IsDraining = isDrained;
        Lose(lost, LossReason.ExecutorLost, now);
        _effects.Add($"save {id}");
        EndRecoveryIfOver(now);
        Assign(now);
        return stale;
    }

    public IReadOnlyList<TaskAttempt>? Heartbeat(string executor, long registration, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        if (_workers.Find(worker => worker.Id == executor && worker.Number == registration) is not Worker worker)
        {
            return null;
        }

        worker.LeaseUntil = now + worker.Lease;
        List<TaskAttempt> stale = [];
        foreach (TaskAttempt attempt in running)
        {
            int slot = _slots.FindIndex(slot => slot.Executor == executor && slot.Task == attempt);
            if (slot < 0)
            {
                stale.Add(attempt);
            }
            else
            {
                _slots[slot] = _slots[slot] with { LeaseUntil = now + worker.Lease };
            }
        }

        stale.ForEach(UseUp);
        return stale;
    }

    public void StopGiving(string executor) => _workers.FindAll(worker => worker.Id == executor).ForEach(worker => worker.IsDraining = true);

    public void Leave(string executor, DateTimeOffset now)
    {
        RemoveWorker(executor, LossReason.ExecutorLost, now);
        _effects.Add($"forget {executor}");
    }

    public void Due(DateTimeOffset now)
    {
        EndRecoveryIfOver(now);
        foreach (Worker worker in _workers.Where(worker => worker.LeaseUntil <= now).ToList())
        {
            _effects.Add($"close {worker.Id}");
            _effects.Add($"forget {worker.Id}");
            RemoveWorker(worker.Id, LossReason.LeaseExpired, now);
        }

        List<Slot> silent = _slots.FindAll(slot => slot.LeaseUntil <= now);
        _slots.RemoveAll(silent.Contains);
        Lose(silent.Select(slot => slot.Task), LossReason.LeaseExpired, now);
        Expire(now);
        foreach (NaiveTask task in _tasks.Where(task => task.CancelDueAt <= now && task.Phase is TaskPhase.Running or TaskPhase.Unclaimed).Where(task => task.CancelDueAt <= now).ToList())
        {
            End(task, ExecutionStatus.Cancelled, null);
        }

        Assign(now);
    }

    /// <summary>Takes up what is stored.</summary>
    public void Start(
        IReadOnlyList<(TaskSpec Spec, DateTimeOffset SubmittedAt, TaskState State)> stored, Func<string, ExecutionStatus?> endOf, IEnumerable<string> executors, DateTimeOffset now)
    {
        List<NaiveTask> dependents = [];
        foreach ((TaskSpec spec, DateTimeOffset submittedAt, TaskState state) in stored)
        {
            NaiveTask task = new(spec, submittedAt);
            Restore(task, state);
            _tasks.Add(task);
            if (state.CancelRequested)
            {
                End(task, ExecutionStatus.Cancelled, null);
            }
            else if (state.Status == ExecutionStatus.Running)
            {
                task.Phase = TaskPhase.Unclaimed;
            }
            else if (spec.DependsOn is { Count: > 0 } && state.Attempt == 1)
            {
                dependents.Add(task);
            }
            else
            {
                Enqueue(task);
            }
        }

        foreach (NaiveTask task in dependents)
        {
            _edges.AddRange(task.Spec.DependsOn!.Where(id => Find(id) is not null).Distinct().Select(id => (task.Id, id)));
            task.Phase = TaskPhase.Blocked;
        }

        foreach (NaiveTask task in dependents.Where(task => task.Spec.DependsOn!.Any(id => Find(id) is null && endOf(id) != ExecutionStatus.Completed)))
        {
            Fail(task.Id);
        }

        foreach (NaiveTask task in dependents.Where(task => task.Phase == TaskPhase.Blocked && !IsBlocked(task)))
        {
            Enqueue(task);
        }

        _recoveryEnds = now + options.RecoveryWindow;
        _awaited.AddRange(options.RecoveryWindow > TimeSpan.Zero ? executors : []);
        EndRecoveryIfOver(now);
    }

    private static void Restore(NaiveTask task, TaskState state)
    {
        task.Attempt = state.Attempt;
        task.Executor = state.Status == ExecutionStatus.Running ? state.ExecutorId : null;
        task.NotBefore = state.NotBefore;
        (task.Failures, task.InfrastructureRetries, task.LossRetries) = (state.Failures, state.InfrastructureRetries, state.LossRetries);
        task.CancelRequested = state.CancelRequested;
    }

    private int Used(string executor) => _slots.Count(slot => slot.Executor == executor);

    private bool IsBlocked(NaiveTask task) => _edges.Exists(edge => edge.Child == task.Id);

    private void Free(string executor, TaskAttempt attempt) => _slots.RemoveAll(slot => slot.Executor == executor && slot.Task == attempt);

    private void Settle(NaiveTask task)
    {
        _unstored -= task.IsUnstored ? 1 : 0;
        if (task.KeepsSlot)
        {
            Free(task.Executor!, task.Current);
        }

        task.IsUnstored = task.KeepsSlot = false;
    }

    private void Place(NaiveTask task)
    {
        if (IsBlocked(task))
        {
            task.Phase = TaskPhase.Blocked;
        }
        else if (task.WantsCache)
        {
            task.WantsCache = false;
            task.Phase = TaskPhase.InCacheLookup;
            _effects.Add($"look up {task.Id}");
        }
        else
        {
            Enqueue(task);
        }
    }

    private void Enqueue(NaiveTask task)
    {
        task.Phase = TaskPhase.Queued;
        task.Sequence = _sequence++;
    }

    private void End(NaiveTask task, ExecutionStatus status, string? error)
    {
        task.Phase = TaskPhase.Ending;
        task.IsCounted = false;
        _effects.Add($"end {task.Current} {status} {error}");
    }

    private void Requeue(NaiveTask task, DateTimeOffset? notBefore)
    {
        task.Phase = TaskPhase.Requeuing;
        task.Attempt++;
        task.Executor = null;
        task.NotBefore = notBefore;
        _effects.Add($"requeue {task.Current} {notBefore:mm:ss.fff}");
    }

    private void UseUp(TaskAttempt attempt)
    {
        if (_tasks.Find(task => task.Phase == TaskPhase.Queued && task.Current == attempt) is NaiveTask task)
        {
            Requeue(task, task.NotBefore);
        }
    }

    private void GoOnWithout(string id, bool isCompleted)
    {
        if (!isCompleted)
        {
            FailChildren(id);
            return;
        }

        List<string> children = [.. _edges.Where(edge => edge.Parent == id).Select(edge => edge.Child)];
        _edges.RemoveAll(edge => edge.Parent == id || edge.Child == id);
        _tasks.FindAll(child => children.Contains(child.Id) && child.Phase == TaskPhase.Blocked && !IsBlocked(child))
            .OrderBy(child => children.IndexOf(child.Id)).ToList().ForEach(Place);
    }

    private void FailChildren(string parent)
    {
        List<string> children = [.. _edges.Where(edge => edge.Parent == parent).Select(edge => edge.Child)];
        _edges.RemoveAll(edge => edge.Parent == parent || edge.Child == parent);
        children.ForEach(Fail);
    }

    private void Fail(string id)
    {
        if (Find(id) is NaiveTask task)
        {
            if (task.IsWaiting)
            {
                End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
            }
        }
        else
        {
            _flights.FindAll(flight => flight.Spec.TaskId == id).ForEach(flight => flight.HasFailed = true);
        }

        FailChildren(id);
    }

    private void FailInFlight(string id)
    {
        _flights.FindAll(flight => flight.Spec.TaskId == id).ForEach(flight => flight.HasFailed = true);
        FailChildren(id);
    }

    private void Lose(IEnumerable<TaskAttempt> lost, LossReason reason, DateTimeOffset now)
    {
        foreach (TaskAttempt attempt in lost)
        {
            if (_tasks.Find(task => task.Current == attempt && task.Phase is TaskPhase.Loading or TaskPhase.Running or TaskPhase.Unclaimed) is not NaiveTask task
                || task.Current != attempt)
            {
                continue;
            }

            RetryPolicy policy = task.HasSpec && task.Spec.Retry is RetryPolicy asked ? asked : new RetryPolicy();
            task.IsCounted = false;
            if (task.CancelRequested)
            {
                End(task, ExecutionStatus.Cancelled, null);
            }
            else if (reason == LossReason.SchedulerRestarted)
            {
                Requeue(task, null);
            }
            else if (task.LossRetries < 10)
            {
                task.LossRetries++;
                Requeue(task, null);
            }
            else if (++task.Failures < policy.MaxAttempts)
            {
                Requeue(task, now + (policy.Backoff * (1 << (task.Failures - 1))));
            }
            else
            {
                End(task, ExecutionStatus.Failed, TaskErrorTypes.ExecutorLost);
            }
        }
    }

    private void RemoveWorker(string id, LossReason reason, DateTimeOffset now)
    {
        List<TaskAttempt> lost = [.. _slots.Where(slot => slot.Executor == id).Select(slot => slot.Task)];
        _slots.RemoveAll(slot => slot.Executor == id);
        _workers.RemoveAll(worker => worker.Id == id);
        Lose(lost, reason, now);
    }

    private bool Adopt(Worker worker, TaskAttempt attempt, DateTimeOffset now)
    {
        NaiveTask? task = _tasks.Find(task => task.Current == attempt);
        bool isItsOwn = task is { Phase: TaskPhase.Unclaimed } && task.Executor == worker.Id;
        bool isUnnoted = task is { Phase: TaskPhase.Queued } && !(task.NotBefore > now);
        if ((!isItsOwn && !isUnnoted) || Used(worker.Id) >= worker.MaxTasks)
        {
            return false;
        }

        if (isItsOwn)
        {
            task!.Sequence = _sequence++;
        }

        _slots.Add(Slot.Of(task!, worker, now));
        (task!.Phase, task.Executor, task.HasSpec, task.IsCounted) = (TaskPhase.Running, worker.Id, true, false);
        task.NotBefore = null;
        return true;
    }

    private void EndRecoveryIfOver(DateTimeOffset now)
    {
        if (_recoveryEnds is null || (_recoveryEnds > now && _awaited.Count > 0))
        {
            return;
        }

        _recoveryEnds = null;
        _effects.AddRange(_awaited.Select(id => $"forget {id}"));
        _awaited.Clear();
        Lose([.. _tasks.Where(task => task.Phase == TaskPhase.Unclaimed).Select(task => task.Current)], LossReason.SchedulerRestarted, now);
    }

    private void Expire(DateTimeOffset now)
    {
        foreach (NaiveTask task in _tasks.Where(task => task.Phase == TaskPhase.Queued && task.Attempt == 1 && task.ExpiresAt <= now).ToList())
        {
            End(task, ExecutionStatus.Failed, TaskErrorTypes.QueueTimeout);
        }
    }

    private void Assign(DateTimeOffset now)
    {
        if (_recoveryEnds is not null)
        {
            return;
        }

        Expire(now);
        while (true)
        {
            (NaiveTask? task, Worker? worker) = _tasks
                .Where(task => task.Phase == TaskPhase.Queued && !(task.NotBefore > now))
                .OrderByDescending(task => task.Spec.Priority).ThenBy(task => task.SubmittedAt).ThenBy(task => task.Sequence)
                .Select(task => (task, _workers
                    .Where(worker => !worker.IsDraining && Used(worker.Id) < worker.MaxTasks && (worker.HasTag || task.Spec.Capabilities is null))
                    .OrderBy(worker => (double)Used(worker.Id) / worker.MaxTasks).ThenBy(worker => worker.Order).FirstOrDefault()))
                .FirstOrDefault(pair => pair.Item2 is not null);
            if (task is null || worker is null)
            {
                return;
            }

            _slots.Add(Slot.Of(task, worker, now));
            (task.Executor, task.IsCounted, task.NotBefore) = (worker.Id, false, null);
            task.Phase = task.HasSpec ? TaskPhase.Running : TaskPhase.Loading;
            _effects.Add($"{(task.HasSpec ? "run" : "read for")} {task.Current} on {worker.Id}");
        }
    }

    /// <summary>A task on its way into the store.</summary>
    private sealed class Flight(TaskSpec spec)
    {
        public TaskSpec Spec { get; } = spec;

        public bool IsLinked { get; set; }

        public bool HasEnded { get; set; }

        public bool HasFailed { get; set; }
    }

    /// <summary>Room of an executor that is taken.</summary>
    private sealed record Slot(TaskAttempt Task, string Executor, DateTimeOffset? LeaseUntil, int Priority, DateTimeOffset SubmittedAt, long Sequence)
    {
        public static Slot Of(NaiveTask task, Worker worker, DateTimeOffset now) =>
            new(task.Current, worker.Id, now + worker.Lease, task.Spec.Priority, task.SubmittedAt, task.Sequence);
    }

    /// <summary>An executor that is registered.</summary>
    private sealed class Worker(string id, long number, int maxTasks, bool hasTag, TimeSpan? lease, long order)
    {
        public string Id { get; } = id;

        public long Number { get; } = number;

        public int MaxTasks { get; } = maxTasks;

        public bool HasTag { get; } = hasTag;

        public TimeSpan? Lease { get; } = lease;

        public long Order { get; } = order;

        public DateTimeOffset? LeaseUntil { get; set; }

        public bool IsDraining { get; set; }
    }
}
