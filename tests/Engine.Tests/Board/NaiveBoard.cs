using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>
/// The rules of docs/engine.md and docs/scheduling.md written as plainly as they can be: lists, linear scans. What a <see cref="TaskBoard"/>
/// answers is compared with this. Retries have no jitter.
/// </summary>
internal sealed class NaiveBoard
{
    private readonly BoardOptions _options;
    private readonly int _specBytes;
    private readonly List<string> _effects = [];
    private readonly NaiveTaskList _tasks;
    private readonly NaiveExecutors _executors;
    private readonly NaiveAssignment _assignment;
    private readonly NaiveRecovery _recovery;
    private readonly NaiveWorkflows _workflows = new();
    private int _unstored;

    public NaiveBoard(BoardOptions options, int specBytes)
    {
        (_options, _specBytes) = (options, specBytes);
        _tasks = new NaiveTaskList(_effects);
        _executors = new NaiveExecutors(options.PriorityAging);
        _recovery = new NaiveRecovery(_tasks, _executors, _effects);
        _assignment = new NaiveAssignment(_tasks, _executors, options.PriorityAging, _effects);
    }

    public IReadOnlyList<NaiveTask> Tasks => _tasks;

    /// <summary>The executors, how many tasks they hold, and whether they are given nothing.</summary>
    public IEnumerable<string> Executors => _executors.Texts;

    /// <summary>When something is due; null: never.</summary>
    /// <param name="since">When was last looked.</param>
    public DateTimeOffset? NextDue(DateTimeOffset since) =>
        ((DateTimeOffset?[])
        [
            _recovery.Ends,
            .. _executors.Leases,
            .. _executors.QuarantineEnds,
            .. _tasks.DueTimes(since),
        ]).Min();

    public List<string> TakeEffects()
    {
        List<string> effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    public bool IsCurrent(string executor, long registration) => _executors.IsCurrent(executor, registration);

    public bool CanSubmit(int count) => _tasks.Count(task => task.IsWaiting || task.Phase == TaskPhase.Unclaimed) + _workflows.FlightCount + count <= _options.MaxWaiting;

    public void Submit(IReadOnlyList<TaskSpec> specs) => _workflows.Submit(specs);

    /// <summary>Links tasks to their parents.</summary>
    /// <returns>Whether all parents exist.</returns>
    public bool Link(IReadOnlyList<TaskSpec> specs, Func<string, ExecutionStatus?> endOf)
    {
        List<string>? failed = _workflows.Link(specs, _tasks.IsLive, endOf);
        failed?.ForEach(Fail);
        return failed is not null;
    }

    public void StoreFailed(IReadOnlyList<TaskSpec> specs)
    {
        foreach (TaskSpec spec in specs)
        {
            if (_workflows.Land(spec).IsLinked)
            {
                _workflows.Leave(spec.TaskId!);
            }
        }
    }

    public void Stored(IReadOnlyList<TaskSpec> specs, IReadOnlyList<SubmitOutcome> outcomes, DateTimeOffset submittedAt, DateTimeOffset now)
    {
        foreach ((TaskSpec spec, SubmitOutcome outcome) in specs.Zip(outcomes))
        {
            NaiveWorkflows.Flight flight = _workflows.Land(spec);
            bool isNew = outcome.Status == SubmitStatus.Stored || outcome is { Status: SubmitStatus.Existing, State.Status: ExecutionStatus.Pending };
            if (!_tasks.IsLive(spec.TaskId!) && isNew && !flight.HasEnded)
            {
                Take(new NaiveTask(spec, submittedAt, outcome.State) { WantsCache = spec.Cache is not null }, flight.HasFailed);
            }
            else if (!_tasks.IsLive(spec.TaskId!) && flight.IsLinked)
            {
                GoOnWithout(spec.TaskId!, outcome.State.Status == ExecutionStatus.Completed);
            }
        }

        Assign(now);
    }

    public void CacheAnswered(string id, bool isFound, DateTimeOffset now)
    {
        if (_tasks.Find(id) is { Phase: TaskPhase.InCacheLookup } task)
        {
            if (isFound)
            {
                _tasks.End(task, ExecutionStatus.Completed);
            }
            else
            {
                Place(task);
                Assign(now);
            }
        }
    }

    public void SpecsRead(IEnumerable<TaskAttempt> attempts, DateTimeOffset now)
    {
        foreach (NaiveTask task in attempts.Select(attempt => _tasks.Find(task => task.Current == attempt && task.Phase == TaskPhase.Loading)).OfType<NaiveTask>())
        {
            (task.HasSpec, task.Phase) = (true, TaskPhase.Running);
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

        if (_tasks.Find(task => task.Current == attempt && task.IsWithExecutor && task.Executor == executor) is not NaiveTask task)
        {
            _tasks.UseUp(attempt);
            _executors.Free(executor, attempt);
            Assign(now);
            return false;
        }

        TimeSpan? wait = outcome switch
        {
            AttemptOutcome.Completed or AttemptOutcome.Cancelled => null,
            _ when task.CancelRequested => null,
            AttemptOutcome.InfrastructureFailed when task.InfrastructureRetries < 3 => TimeSpan.FromSeconds(1 << task.InfrastructureRetries++),
            _ => task.CountFailure(),
        };
        task.Avoid = outcome == AttemptOutcome.InfrastructureFailed ? executor : null;
        _effects.AddRange(_executors.Reported(executor, task, outcome, _options.QuarantineAfter, now));
        task.IsUnstored = true;
        task.KeepsSlot = _unstored++ >= _options.MaxUnstoredResults && wait is null;
        if (!task.KeepsSlot)
        {
            _executors.Free(executor, attempt);
            Assign(now);
        }

        if (wait is not null)
        {
            _tasks.Requeue(task, now + wait);
        }
        else if (outcome == AttemptOutcome.Completed)
        {
            _tasks.End(task, ExecutionStatus.Completed);
        }
        else if (task.CancelRequested || outcome == AttemptOutcome.Cancelled)
        {
            _tasks.End(task, ExecutionStatus.Cancelled);
        }
        else
        {
            _tasks.End(task, ExecutionStatus.Failed, "reported");
        }

        return true;
    }

    public void EndStored(string id, ExecutionStatus status, DateTimeOffset now)
    {
        NaiveTask task = _tasks.Find(id)!;
        _tasks.Remove(task);
        _workflows.HasEnded(id);
        Settle(task);
        _effects.Add($"announce {id} {status}");
        GoOnWithout(id, status == ExecutionStatus.Completed);
        Assign(now);
    }

    public void RequeueStored(TaskAttempt next, DateTimeOffset now)
    {
        if (_tasks.Find(next.TaskId) is NaiveTask task)
        {
            Settle(task);
            if (task.Phase == TaskPhase.Requeuing && task.Current == next)
            {
                _tasks.Enqueue(task);
            }
        }

        Assign(now);
    }

    public CancelOutcome? Cancel(string id, DateTimeOffset now)
    {
        if (_tasks.Find(id) is not NaiveTask task)
        {
            return null;
        }

        switch (task.Phase)
        {
            case TaskPhase.Ending:
                return CancelOutcome.AlreadyEnded;
            case TaskPhase.Running or TaskPhase.Unclaimed:
                task.CancelDueAt ??= now + _options.CancelGrace;
                task.CancelRequested = true;
                _effects.AddRange(_executors.Has(task.Executor!) ? [$"stop {task.Current} on {task.Executor}"] : []);
                _effects.Add($"note cancel of {id}");
                return CancelOutcome.Requested;
            case TaskPhase.Loading:
                _executors.Free(task.Executor!, task.Current);
                _tasks.End(task, ExecutionStatus.Cancelled);
                Assign(now);
                return CancelOutcome.Cancelled;
            default:
                _tasks.End(task, ExecutionStatus.Cancelled);
                return CancelOutcome.Cancelled;
        }
    }

    public IReadOnlyList<TaskAttempt> Register(
        SimulatedExecutor executor, int maxTasks, IReadOnlyList<TaskAttempt> running, bool isDrained, DateTimeOffset now)
    {
        string id = executor.Id;
        (bool isBack, List<TaskAttempt> lost, List<TaskAttempt> stale) = _executors.Register(executor, maxTasks, running, now);
        _effects.AddRange(isBack ? [$"replace {id}"] : []);
        stale.RemoveAll(attempt => _recovery.Adopt(id, attempt, now));
        _recovery.IsBack(id);
        stale.ForEach(_tasks.UseUp);
        _effects.AddRange(running.Except(stale)
            .Where(attempt => _tasks.Exists(task => task.Current == attempt && task.CancelRequested)).Select(attempt => $"stop {attempt} on {id}"));
        if (isDrained)
        {
            StopGiving(id);
        }

        _tasks.Lose(lost, LossReason.ExecutorLost, now);
        _effects.Add($"save {id}");
        _recovery.EndIfOver(now);
        Assign(now);
        return stale;
    }

    public IReadOnlyList<TaskAttempt>? Heartbeat(string executor, long registration, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        List<TaskAttempt>? stale = IsCurrent(executor, registration) ? _executors.Heartbeat(executor, running, now) : null;
        stale?.ForEach(_tasks.UseUp);
        return stale;
    }

    public void StopGiving(string executor)
    {
        _executors.StopGiving(executor);
        _effects.AddRange(_executors.ReleaseIfNobodyElse());
    }

    public void BreakOff(SimulatedExecutor executor, DateTimeOffset now)
    {
        if (executor.Lease is null)
        {
            Leave(executor.Id, now);
        }
        else
        {
            StopGiving(executor.Id);
        }
    }

    public void Leave(string executor, DateTimeOffset now)
    {
        _tasks.Lose(_executors.Remove(executor), LossReason.ExecutorLost, now);
        _effects.AddRange(_executors.ReleaseIfNobodyElse());
        _effects.Add($"forget {executor}");
    }

    public void Due(DateTimeOffset now)
    {
        _recovery.EndIfOver(now);
        foreach (string id in _executors.Silent(now))
        {
            _effects.AddRange([$"close {id}", $"forget {id}"]);
            _tasks.Lose(_executors.Remove(id), LossReason.LeaseExpired, now);
        }

        _effects.AddRange(_executors.ReleaseIfNobodyElse());
        _tasks.Lose(_executors.FreeUnnamed(now), LossReason.LeaseExpired, now);
        _tasks.Expire(now);
        _tasks.FindAll(task => task.CancelDueAt <= now && task.IsWithExecutor).ForEach(task => _tasks.End(task, ExecutionStatus.Cancelled));
        _executors.EndQuarantines(now);
        Assign(now);
    }

    /// <summary>Takes up what is stored.</summary>
    public void Start(SimulatedStore store, DateTimeOffset now)
    {
        _tasks.AddRange(store.Open.Select(open => new NaiveTask(open.Submission.Spec, open.Submission.SubmittedAt, open.State)));
        List<NaiveTask> waiting = _tasks.FindAll(task => !task.CancelRequested && task.Executor is null);
        List<NaiveTask> dependents = waiting.FindAll(task => task.Spec.DependsOn is not null && task.Attempt == 1);
        _tasks.FindAll(task => task.CancelRequested).ForEach(task => _tasks.End(task, ExecutionStatus.Cancelled));
        _tasks.FindAll(task => !task.CancelRequested && task.Executor is not null).ForEach(task => task.Phase = TaskPhase.Unclaimed);
        waiting.Except(dependents).ToList().ForEach(_tasks.Enqueue);
        dependents.ForEach(task => _workflows.Join(task.Spec, _tasks.IsLive));
        dependents.FindAll(task => task.Spec.DependsOn!.Any(id => !_tasks.IsLive(id) && store.EndOf(id) != ExecutionStatus.Completed)).ForEach(task => Fail(task.Id));
        dependents.FindAll(task => task.Phase != TaskPhase.Ending).ForEach(Place);
        _recovery.Begin(_options.RecoveryWindow > TimeSpan.Zero ? store.Executors : [], now + _options.RecoveryWindow);
        _recovery.EndIfOver(now);
    }

    private void Take(NaiveTask task, bool hasFailed)
    {
        _tasks.Add(task);
        task.HasSpec = task.IsCounted = (_tasks.Count(other => other.IsCounted) + 1) * _specBytes <= _options.MaxSpecBytes;
        if (hasFailed)
        {
            _tasks.End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
        }
        else
        {
            Place(task);
        }
    }

    private void Place(NaiveTask task)
    {
        if (_workflows.IsBlocked(task.Id))
        {
            task.Phase = TaskPhase.Blocked;
        }
        else if (task.WantsCache)
        {
            (task.WantsCache, task.Phase) = (false, TaskPhase.InCacheLookup);
            _effects.Add($"look up {task.Id}");
        }
        else
        {
            _tasks.Enqueue(task);
        }
    }

    private void Settle(NaiveTask task)
    {
        _unstored -= task.IsUnstored ? 1 : 0;
        if (task.KeepsSlot)
        {
            _executors.Free(task.Executor!, task.Current);
        }

        task.IsUnstored = task.KeepsSlot = false;
    }

    /// <summary>Those that waited for a task go on, or fail.</summary>
    private void GoOnWithout(string id, bool isCompleted)
    {
        List<string> children = _workflows.Leave(id);
        if (isCompleted)
        {
            children.Select(_tasks.Find).OfType<NaiveTask>().Where(child => child.Phase == TaskPhase.Blocked && !_workflows.IsBlocked(child.Id)).ToList().ForEach(Place);
        }
        else
        {
            children.ForEach(Fail);
        }
    }

    /// <summary>A parent of a task ended without success: so does the task, and so do those that wait for it.</summary>
    private void Fail(string id)
    {
        if (_tasks.Find(id) is not NaiveTask task)
        {
            _workflows.HasFailed(id);
        }
        else if (task.IsWaiting)
        {
            _tasks.End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
        }

        _workflows.Leave(id).ForEach(Fail);
    }

    private void Assign(DateTimeOffset now)
    {
        if (_recovery.Ends is null)
        {
            _assignment.Assign(now);
        }
    }
}
