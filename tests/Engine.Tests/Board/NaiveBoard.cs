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
    private readonly NaiveExecutors _executors = new(options.PriorityAging);
    private readonly NaiveWorkflows _workflows = new();
    private readonly List<string> _awaited = [];
    private List<string> _effects = [];
    private DateTimeOffset? _recoveryEnds;
    private long _sequence;
    private int _unstored;

    public IReadOnlyList<NaiveTask> Tasks => _tasks;

    /// <summary>The executors, how many tasks they hold, and whether they are given nothing.</summary>
    public IEnumerable<string> Executors => _executors.Texts;

    /// <summary>When something is due; null: never.</summary>
    /// <param name="since">When was last looked.</param>
    public DateTimeOffset? NextDue(DateTimeOffset since) =>
        ((DateTimeOffset?[])
        [
            _recoveryEnds,
            .. _executors.Leases,
            .. _executors.QuarantineEnds,
            .. _tasks.Where(task => task.Phase == TaskPhase.Queued && task.AsideUntil > since).Select(task => task.AsideUntil),
            .. _tasks.Where(task => task.Phase == TaskPhase.Queued && task.NotBefore > since).Select(task => task.NotBefore),
            .. _tasks.Where(task => task.Phase == TaskPhase.Queued && task.Attempt == 1).Select(task => task.ExpiresAt),
            .. _tasks.Where(task => task.IsWithExecutor).Select(task => task.CancelDueAt),
        ]).Min();

    public List<string> TakeEffects()
    {
        List<string> effects = _effects;
        _effects = [];
        return effects;
    }

    public bool IsCurrent(string executor, long registration) => _executors.IsCurrent(executor, registration);

    public bool CanSubmit(int count) => _tasks.Count(task => task.IsWaiting || task.Phase == TaskPhase.Unclaimed) + _workflows.FlightCount + count <= options.MaxWaiting;

    public void Submit(IReadOnlyList<TaskSpec> specs) => _workflows.Submit(specs);

    /// <summary>Links tasks to their parents.</summary>
    /// <returns>Whether all parents exist.</returns>
    public bool Link(IReadOnlyList<TaskSpec> specs, Func<string, ExecutionStatus?> endOf)
    {
        List<string>? failed = _workflows.Link(specs, IsLive, endOf);
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
            if (!IsLive(spec.TaskId!) && isNew && !flight.HasEnded)
            {
                Take(new NaiveTask(spec, submittedAt, outcome.State) { WantsCache = spec.Cache is not null }, flight.HasFailed);
            }
            else if (!IsLive(spec.TaskId!) && flight.IsLinked)
            {
                GoOnWithout(spec.TaskId!, outcome.State.Status == ExecutionStatus.Completed);
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
                End(task, ExecutionStatus.Completed);
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
            UseUp(attempt);
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
        _effects.AddRange(_executors.Reported(executor, task, outcome, options.QuarantineAfter, now));
        task.IsUnstored = true;
        task.KeepsSlot = _unstored++ >= options.MaxUnstoredResults && wait is null;
        if (!task.KeepsSlot)
        {
            _executors.Free(executor, attempt);
            Assign(now);
        }

        if (wait is not null)
        {
            Requeue(task, now + wait);
        }
        else if (outcome == AttemptOutcome.Completed)
        {
            End(task, ExecutionStatus.Completed);
        }
        else if (task.CancelRequested || outcome == AttemptOutcome.Cancelled)
        {
            End(task, ExecutionStatus.Cancelled);
        }
        else
        {
            End(task, ExecutionStatus.Failed, "reported");
        }

        return true;
    }

    public void EndStored(string id, ExecutionStatus status, DateTimeOffset now)
    {
        NaiveTask task = Find(id)!;
        _tasks.Remove(task);
        _workflows.HasEnded(id);
        Settle(task);
        _effects.Add($"announce {id} {status}");
        GoOnWithout(id, status == ExecutionStatus.Completed);
        Assign(now);
    }

    public void RequeueStored(TaskAttempt next, DateTimeOffset now)
    {
        if (Find(next.TaskId) is NaiveTask task)
        {
            Settle(task);
            if (task.Phase == TaskPhase.Requeuing && task.Current == next)
            {
                Enqueue(task);
            }
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
                _effects.AddRange(_executors.Has(task.Executor!) ? [$"stop {task.Current} on {task.Executor}"] : []);
                _effects.Add($"note cancel of {id}");
                return CancelOutcome.Requested;
            case TaskPhase.Loading:
                _executors.Free(task.Executor!, task.Current);
                End(task, ExecutionStatus.Cancelled);
                Assign(now);
                return CancelOutcome.Cancelled;
            default:
                End(task, ExecutionStatus.Cancelled);
                return CancelOutcome.Cancelled;
        }
    }

    public IReadOnlyList<TaskAttempt> Register(
        SimulatedExecutor executor, int maxTasks, IReadOnlyList<TaskAttempt> running, bool isDrained, DateTimeOffset now)
    {
        string id = executor.Id;
        (bool isBack, List<TaskAttempt> lost, List<TaskAttempt> stale) = _executors.Register(executor, maxTasks, running, now);
        _effects.AddRange(isBack ? [$"replace {id}"] : []);
        if (_recoveryEnds is not null)
        {
            stale.RemoveAll(attempt => Adopt(id, attempt, now));
            _awaited.Remove(id);
        }

        stale.ForEach(UseUp);
        _effects.AddRange(running.Except(stale)
            .Where(attempt => _tasks.Exists(task => task.Current == attempt && task.CancelRequested)).Select(attempt => $"stop {attempt} on {id}"));
        if (isDrained)
        {
            StopGiving(id);
        }

        Lose(lost, LossReason.ExecutorLost, now);
        _effects.Add($"save {id}");
        EndRecoveryIfOver(now);
        Assign(now);
        return stale;
    }

    public IReadOnlyList<TaskAttempt>? Heartbeat(string executor, long registration, IReadOnlyList<TaskAttempt> running, DateTimeOffset now)
    {
        List<TaskAttempt>? stale = IsCurrent(executor, registration) ? _executors.Heartbeat(executor, running, now) : null;
        stale?.ForEach(UseUp);
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
        Lose(_executors.Remove(executor), LossReason.ExecutorLost, now);
        _effects.AddRange(_executors.ReleaseIfNobodyElse());
        _effects.Add($"forget {executor}");
    }

    public void Due(DateTimeOffset now)
    {
        EndRecoveryIfOver(now);
        foreach (string id in _executors.Silent(now))
        {
            _effects.AddRange([$"close {id}", $"forget {id}"]);
            Lose(_executors.Remove(id), LossReason.LeaseExpired, now);
        }

        _effects.AddRange(_executors.ReleaseIfNobodyElse());
        Lose(_executors.FreeUnnamed(now), LossReason.LeaseExpired, now);
        Expire(now);
        _tasks.FindAll(task => task.CancelDueAt <= now && task.IsWithExecutor).ForEach(task => End(task, ExecutionStatus.Cancelled));
        _executors.EndQuarantines(now);
        Assign(now);
    }

    /// <summary>Takes up what is stored.</summary>
    public void Start(SimulatedStore store, DateTimeOffset now)
    {
        _tasks.AddRange(store.Open.Select(open => new NaiveTask(open.Submission.Spec, open.Submission.SubmittedAt, open.State)));
        List<NaiveTask> waiting = _tasks.FindAll(task => !task.CancelRequested && task.Executor is null);
        List<NaiveTask> dependents = waiting.FindAll(task => task.Spec.DependsOn is not null && task.Attempt == 1);
        _tasks.FindAll(task => task.CancelRequested).ForEach(task => End(task, ExecutionStatus.Cancelled));
        _tasks.FindAll(task => !task.CancelRequested && task.Executor is not null).ForEach(task => task.Phase = TaskPhase.Unclaimed);
        waiting.Except(dependents).ToList().ForEach(Enqueue);
        dependents.ForEach(task => _workflows.Join(task.Spec, IsLive));
        dependents.FindAll(task => task.Spec.DependsOn!.Any(id => !IsLive(id) && store.EndOf(id) != ExecutionStatus.Completed)).ForEach(task => Fail(task.Id));
        dependents.FindAll(task => task.Phase != TaskPhase.Ending).ForEach(Place);
        _recoveryEnds = now + options.RecoveryWindow;
        _awaited.AddRange(options.RecoveryWindow > TimeSpan.Zero ? store.Executors : []);
        EndRecoveryIfOver(now);
    }

    private NaiveTask? Find(string id) => _tasks.Find(task => task.Id == id);

    private bool IsLive(string id) => Find(id) is not null;

    private void Take(NaiveTask task, bool hasFailed)
    {
        _tasks.Add(task);
        task.HasSpec = task.IsCounted = (_tasks.Count(other => other.IsCounted) + 1) * specBytes <= options.MaxSpecBytes;
        if (hasFailed)
        {
            End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
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
            Enqueue(task);
        }
    }

    private void Enqueue(NaiveTask task) => (task.Phase, task.Sequence, task.AsideUntil) = (TaskPhase.Queued, _sequence++, null);

    private void End(NaiveTask task, ExecutionStatus status, string? error = null)
    {
        (task.Phase, task.IsCounted) = (TaskPhase.Ending, false);
        _effects.Add($"end {task.Current} {status} {error}");
    }

    private void Requeue(NaiveTask task, DateTimeOffset? notBefore)
    {
        (task.Phase, task.Executor, task.NotBefore) = (TaskPhase.Requeuing, null, notBefore);
        task.Attempt++;
        _effects.Add($"requeue {task.Current} {notBefore:mm:ss.fff}");
    }

    /// <summary>The number of a waiting attempt that an executor had been given by the process before.</summary>
    private void UseUp(TaskAttempt attempt)
    {
        if (_tasks.Find(task => task.Phase == TaskPhase.Queued && task.Current == attempt) is NaiveTask task)
        {
            Requeue(task, task.NotBefore);
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
            children.Select(Find).OfType<NaiveTask>().Where(child => child.Phase == TaskPhase.Blocked && !_workflows.IsBlocked(child.Id)).ToList().ForEach(Place);
        }
        else
        {
            children.ForEach(Fail);
        }
    }

    /// <summary>A parent of a task ended without success: so does the task, and so do those that wait for it.</summary>
    private void Fail(string id)
    {
        if (Find(id) is not NaiveTask task)
        {
            _workflows.HasFailed(id);
        }
        else if (task.IsWaiting)
        {
            End(task, ExecutionStatus.Failed, TaskErrorTypes.Dependency);
        }

        _workflows.Leave(id).ForEach(Fail);
    }

    private void Lose(IEnumerable<TaskAttempt> lost, LossReason reason, DateTimeOffset now)
    {
        foreach (NaiveTask task in lost.Select(attempt => _tasks.Find(task => task.Current == attempt && task.IsWithExecutor)).OfType<NaiveTask>())
        {
            if (task.CancelRequested)
            {
                End(task, ExecutionStatus.Cancelled);
            }
            else if (reason == LossReason.SchedulerRestarted || task.LossRetries++ < 10)
            {
                Requeue(task, null);
            }
            else if (task.CountFailure() is TimeSpan wait)
            {
                Requeue(task, now + wait);
            }
            else
            {
                End(task, ExecutionStatus.Failed, TaskErrorTypes.ExecutorLost);
            }
        }
    }

    private bool Adopt(string executor, TaskAttempt attempt, DateTimeOffset now)
    {
        NaiveTask? task = _tasks.Find(task => task.Current == attempt);
        bool isItsOwn = task is { Phase: TaskPhase.Unclaimed } && task.Executor == executor;
        bool isUnnoted = task is { Phase: TaskPhase.Queued } && !(task.NotBefore > now);
        if ((!isItsOwn && !isUnnoted) || !_executors.HasRoom(executor))
        {
            return false;
        }

        task!.Sequence = isItsOwn ? _sequence++ : task.Sequence;
        _executors.Give(task, executor, now);
        (task.Phase, task.Executor, task.HasSpec, task.IsCounted, task.NotBefore) = (TaskPhase.Running, executor, true, false, null);
        return true;
    }

    private void EndRecoveryIfOver(DateTimeOffset now)
    {
        if (_recoveryEnds is not null && (_recoveryEnds <= now || _awaited.Count == 0))
        {
            _recoveryEnds = null;
            _effects.AddRange(_awaited.Select(id => $"forget {id}"));
            _awaited.Clear();
            Lose([.. _tasks.Where(task => task.Phase == TaskPhase.Unclaimed).Select(task => task.Current)], LossReason.SchedulerRestarted, now);
        }
    }

    private void Expire(DateTimeOffset now) => _tasks
        .FindAll(task => task.Phase == TaskPhase.Queued && task.Attempt == 1 && task.ExpiresAt <= now)
        .ForEach(task => End(task, ExecutionStatus.Failed, TaskErrorTypes.QueueTimeout));

    private void Assign(DateTimeOffset now)
    {
        if (_recoveryEnds is not null)
        {
            return;
        }

        Expire(now);
        while (First(task => _executors.BestFor(task.Spec) is not null, now) is NaiveTask task)
        {
            string executor = _executors.BestFor(task.Spec)!;
            if (task.Avoid != executor)
            {
                Give(task, executor, now);
            }
            else if (_executors.BestFor(task.Spec, except: executor) is string other)
            {
                Give(task, other, now);
            }
            else
            {
                GiveOrSetAside(task, executor, now);
            }
        }

        foreach (string executor in _executors.ToProbe(IsWith))
        {
            while (First(task => _executors.CouldTake(executor, task.Spec), now) is NaiveTask task)
            {
                if (task.Avoid != executor ? Give(task, executor, now) : GiveOrSetAside(task, executor, now))
                {
                    _executors.SetProbe(executor, task.Current);
                    break;
                }
            }
        }
    }

    private bool IsWith(TaskAttempt attempt, string executor) => _tasks.Exists(task => task.Current == attempt && task.Executor == executor);

    private NaiveTask? First(Func<NaiveTask, bool> isFit, DateTimeOffset now) => _tasks
        .Where(task => task.Phase == TaskPhase.Queued && !(task.NotBefore > now) && !(task.AsideUntil > now))
        .OrderBy(task => task.SubmittedAt - (options.PriorityAging * task.Spec.Priority)).ThenBy(task => task.Sequence)
        .FirstOrDefault(isFit);

    /// <summary>Gives a task to the executor that failed it only if no other could take it.</summary>
    /// <returns>Whether it was given.</returns>
    private bool GiveOrSetAside(NaiveTask task, string executor, DateTimeOffset now)
    {
        if (!_executors.OthersCouldTake(task.Spec, executor))
        {
            return Give(task, executor, now);
        }

        task.AsideUntil = now + TimeSpan.FromSeconds(1);
        return false;
    }

    private bool Give(NaiveTask task, string executor, DateTimeOffset now)
    {
        _executors.Give(task, executor, now);
        (task.Executor, task.IsCounted, task.NotBefore, task.AsideUntil) = (executor, false, null, null);
        task.Phase = task.HasSpec ? TaskPhase.Running : TaskPhase.Loading;
        _effects.Add($"{(task.HasSpec ? "run" : "read for")} {task.Current} on {executor}");
        return true;
    }
}
