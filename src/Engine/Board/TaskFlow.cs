using Executor.Scheduling;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine.Board;

/// <summary>
/// The live tasks with all that holds them, and the steps that take them from one phase to another. Each step leaves queue, graph, phase and
/// lifecycle in agreement.
/// </summary>
internal sealed class TaskFlow
{
    private static readonly IReadOnlyList<BoardEffect> Nothing = [];

    private readonly Func<double> _jitter;
    private List<BoardEffect>? _effects;
    private List<RunAttempt>? _unread;

    /// <param name="options">The limits.</param>
    /// <param name="jitter">Numbers from 0 to 1 that spread retries; see <see cref="RetryRules.Backoff"/>.</param>
    public TaskFlow(BoardOptions options, Func<double> jitter)
    {
        _jitter = jitter;
        Queue = new SchedulingQueue(new SchedulingOptions { PriorityAging = options.PriorityAging });
        Tasks = new LiveTasks(options.MaxSpecBytes);
        Health = new ExecutorHealth(this, options);
    }

    public SchedulingQueue Queue { get; }

    public DependencyGraph Graph { get; } = new();

    public LiveTasks Tasks { get; }

    public SubmissionsInFlight InFlight { get; } = new();

    public RegisteredExecutors Executors { get; } = new();

    public ExecutorHealth Health { get; }

    public Recovery Recovery { get; } = new();

    /// <summary>Whether nothing is given out any more, and nothing that an executor says counts.</summary>
    public bool IsStopped { get; set; }

    /// <summary>The next number that spreads retries.</summary>
    public double Jitter() => _jitter();

    /// <summary>What is to be done, in order, about what has happened since the last call.</summary>
    public IReadOnlyList<BoardEffect> TakeEffects()
    {
        if (_unread is not null)
        {
            Emit(new ReadSpecs(_unread));
            _unread = null;
        }

        IReadOnlyList<BoardEffect> effects = _effects ?? Nothing;
        _effects = null;
        return effects;
    }

    /// <summary>Has something done when the event is over.</summary>
    public void Emit(BoardEffect effect) => (_effects ??= []).Add(effect);

    /// <summary>Whether what an executor says counts.</summary>
    public bool IsCurrent(BoardExecutor executor) => !IsStopped && Executors.IsCurrent(executor);

    /// <summary>Gives waiting tasks to executors.</summary>
    public void Assign(DateTimeOffset now)
    {
        if (Queue.WaitingCount == 0 || Recovery.IsActive || IsStopped)
        {
            return;
        }

        ExpireWaiting(now);
        foreach (Assignment assignment in Queue.Assign(now))
        {
            Give(assignment, now);
        }

        // Those that may be well again are given of what nobody else has room for, a task each.
        foreach (BoardExecutor executor in Health.ToProbe())
        {
            Queue.Resume(executor.Id);
            foreach (Assignment assignment in Queue.AssignTo(executor.Id, 1, now))
            {
                executor.Trouble.Probe = assignment.Task;
                Give(assignment, now);
            }

            Queue.Drain(executor.Id);
        }
    }

    /// <summary>Ends the tasks that have waited past their queue timeout.</summary>
    public void ExpireWaiting(DateTimeOffset now)
    {
        foreach (TaskAttempt attempt in Queue.ExpireWaiting(now))
        {
            if (Tasks.TryGet(attempt.TaskId, out BoardTask? task) && task.State.FailWaiting() is TaskEnded ended)
            {
                task.State = ended.After;
                End(task, EndedResults.QueueTimeout(task, now));
            }
        }
    }

    /// <summary>Lets a task wait for an executor.</summary>
    public void Enqueue(BoardTask task)
    {
        Tasks.Move(task, TaskPhase.Queued);
        Queue.Enqueue(task.ToQueued());
    }

    /// <summary>Lets a new task wait for what comes first: its parents, the answer of the cache, an executor.</summary>
    public void Place(BoardTask task)
    {
        if (Graph.IsHeld(task.TaskId))
        {
            Tasks.Move(task, TaskPhase.Blocked);
        }
        else if (task.WantsCache)
        {
            task.WantsCache = false;
            Tasks.Move(task, TaskPhase.InCacheLookup);
            Emit(new LookUpCache(task));
        }
        else
        {
            Enqueue(task);
        }
    }

    /// <summary>Has a task's end stored. Its <see cref="BoardTask.State"/> says already that it has ended.</summary>
    public void End(BoardTask task, TaskResult result, bool isReport = false)
    {
        if (task.Phase == TaskPhase.Queued)
        {
            Queue.Cancel(task.TaskId);
        }

        LeaveRecovery(task);
        Tasks.Move(task, TaskPhase.Ending);
        Emit(new StoreEnd(task, result, isReport));
    }

    /// <summary>Has it stored that a task waits for its next attempt.</summary>
    public void Requeue(BoardTask task, TaskResult? reported = null)
    {
        LeaveRecovery(task);
        Tasks.Move(task, TaskPhase.Requeuing);
        Emit(new StoreRequeue(task, task.State, reported));
    }

    /// <summary>Ends a waiting task that can't run since a parent ended without success.</summary>
    public void FailWaiting(BoardTask task, DependencyFailure failure, DateTimeOffset now)
    {
        if (task.State.FailWaiting() is TaskEnded ended)
        {
            task.State = ended.After;
            End(task, EndedResults.DependencyFailed(task, now, failure));
        }
    }

    /// <summary>Lets those go on that waited for a task, or ends them.</summary>
    public void EndInGraph(string taskId, ExecutionStatus status, DateTimeOffset now)
    {
        DependencyEffects effects = Graph.End(taskId, status);
        foreach (string released in effects.Released)
        {
            // One that is still on its way into the store is placed when it is there.
            if (Tasks.TryGet(released, out BoardTask? child) && child.Phase == TaskPhase.Blocked)
            {
                Place(child);
            }
        }

        foreach (DependencyFailure failure in effects.Failed)
        {
            if (Tasks.TryGet(failure.TaskId, out BoardTask? child))
            {
                FailWaiting(child, failure, now);
            }
            else
            {
                InFlight.Fail(failure);
            }
        }
    }

    /// <summary>Attempts that will not report: each is repeated or ends, as the rules say.</summary>
    public void Lose(IEnumerable<TaskAttempt> lost, LossReason reason, DateTimeOffset now)
    {
        foreach (TaskAttempt attempt in lost)
        {
            if (!Tasks.TryGet(attempt.TaskId, out BoardTask? task))
            {
                continue;
            }

            TaskTransition transition = task.State.Lose(attempt.Attempt, reason, RetryRules.For(task.Spec?.Retry), now, Jitter());
            task.State = transition.After;
            if (transition is TaskRequeued)
            {
                Requeue(task);
            }
            else if (transition is TaskEnded)
            {
                End(task, task.State.Status == ExecutionStatus.Cancelled ? EndedResults.Cancelled(task, now) : EndedResults.Lost(task, now));
            }
        }
    }

    /// <summary>
    /// After a restart an executor may come back with attempts that this board never gave out, and that it can't keep: the tasks wait, under
    /// the same number. That number is used up, so they wait for the next one, once that is stored, and what the executor says of the old
    /// one is refused.
    /// </summary>
    public void UseUp(IReadOnlyList<TaskAttempt> stale)
    {
        foreach (TaskAttempt attempt in stale)
        {
            if (Tasks.TryGet(attempt.TaskId, out BoardTask? task) && task.Phase == TaskPhase.Queued && task.Attempt == attempt)
            {
                Queue.Cancel(attempt.TaskId);
                task.State = task.State with { Attempt = task.State.Attempt + 1 };
                Requeue(task);
            }
        }
    }

    /// <summary>An executor names attempts that it has: others may follow them.</summary>
    public void Hear(BoardExecutor executor, IEnumerable<TaskAttempt> attempts)
    {
        foreach (TaskAttempt attempt in attempts)
        {
            if (executor.Unheard.Remove(attempt) && Tasks.TryGet(attempt.TaskId, out BoardTask? task) && task.Phase == TaskPhase.Running && task.Attempt == attempt)
            {
                task.DropPayload();
            }
        }

        SendWaiting(executor);
    }

    /// <summary>An attempt that an executor was given is over, or it will not get it: others may follow.</summary>
    public void PassOver(BoardExecutor executor, TaskAttempt attempt)
    {
        executor.Unheard.Remove(attempt);
        SendWaiting(executor);
    }

    /// <summary>Whether an attempt waits to be sent to its executor, or for what it is to run.</summary>
    public static bool IsUnsent(RunAttempt run) => run.Task.Phase == TaskPhase.Loading && ReferenceEquals(run.Task.Run, run);

    /// <summary>A task is no longer one that an executor may come back with.</summary>
    public void LeaveRecovery(BoardTask task)
    {
        if (task.Phase == TaskPhase.Unclaimed)
        {
            Recovery.Claim(task.TaskId);
        }
    }

    private void Give(Assignment assignment, DateTimeOffset now)
    {
        Tasks.TryGet(assignment.Task.TaskId, out BoardTask? task);
        task!.State = task.State.Start(assignment.ExecutorId, now).After;
        task.Run = new RunAttempt(task, task.State.Attempt, Executors.Find(assignment.ExecutorId)!, assignment.GpuDevices, now);
        Tasks.Move(task, TaskPhase.Loading);
        task.Run.Executor.Unheard.Add(task.Run);
        SendWaiting(task.Run.Executor);
    }

    private void SendWaiting(BoardExecutor executor)
    {
        while (executor.Unheard.TakeNext() is RunAttempt run)
        {
            if (!IsUnsent(run))
            {
                executor.Unheard.Remove(new TaskAttempt(run.Task.TaskId, run.Attempt));
            }
            else if (run.Task.HasPayload)
            {
                Tasks.Move(run.Task, TaskPhase.Running);
                Emit(run);
            }
            else
            {
                (_unread ??= []).Add(run);
            }
        }
    }
}
