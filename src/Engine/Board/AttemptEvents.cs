using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>What becomes of a task that is free to run: the cache is asked, what it is to run is read, an attempt is reported, its end is stored, somebody cancels it.</summary>
internal sealed class AttemptEvents(TaskFlow flow, BoardOptions options)
{
    private readonly CancelDeadlines _cancels = new(options.CancelGrace);
    private int _unstored;
    private long _unstoredBytes;

    /// <summary>When <see cref="EndOverdueCancels"/> has something to do; null: never.</summary>
    public DateTimeOffset? NextDue => _cancels.NextDue;

    /// <summary>The cache has been asked for a task's result.</summary>
    /// <param name="task">The task.</param>
    /// <param name="spec">What was asked of it.</param>
    /// <param name="found">A result of the same work; null: there is none.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the task ends with it.</returns>
    public bool CacheAnswered(BoardTask task, TaskSpec? spec, TaskResult? found, DateTimeOffset now)
    {
        if (task.Phase != TaskPhase.InCacheLookup)
        {
            return false;
        }

        if (spec is not null && found is not null)
        {
            task.State = task.State with { Status = ExecutionStatus.Completed };
            flow.End(task, EndedResults.Cached(found, spec, now));
            return true;
        }

        flow.Place(task);
        flow.Assign(now);
        return false;
    }

    /// <summary>What tasks are to run has been read.</summary>
    /// <param name="runs">The attempts that it was read for.</param>
    /// <param name="specs">What was found; a task that is not among it is not in the store any more.</param>
    /// <param name="now">The time.</param>
    public void SpecsRead(IReadOnlyList<RunAttempt> runs, IReadOnlyDictionary<string, TaskSpec> specs, DateTimeOffset now)
    {
        foreach (RunAttempt run in runs)
        {
            BoardTask task = run.Task;
            if (!TaskFlow.IsUnsent(run))
            {
                flow.PassOver(run.Executor, new TaskAttempt(task.TaskId, run.Attempt));
            }
            else if (specs.TryGetValue(task.TaskId, out TaskSpec? spec))
            {
                task.Take(spec);
                run.Executor.Unheard.Weigh(run, task.SpecBytes);
                flow.Tasks.Move(task, TaskPhase.Running);
                flow.Emit(run);
                flow.Hear(run.Executor, []);
            }
            else
            {
                // Somebody has removed it from the store, and nobody can run it.
                EndUntold(task, now);
            }
        }

        flow.Assign(now);
    }

    /// <summary>An executor reports the end of an attempt.</summary>
    /// <returns>Whether it is taken: then <see cref="EndStored"/> or <see cref="RequeueStored"/> will follow. False: the attempt is not its own.</returns>
    public bool Report(BoardExecutor from, TaskAttempt attempt, TaskResult result, DateTimeOffset now)
    {
        if (!flow.IsCurrent(from))
        {
            return false;
        }

        flow.PassOver(from, attempt);
        TaskTransition? transition = flow.Tasks.TryGet(attempt.TaskId, out BoardTask? task)
            ? task.State.Report(from.Id, attempt.Attempt, result.Outcome(), RetryRules.For(task.Spec?.Retry), now, flow.Jitter())
            : null;
        if (transition is not (TaskEnded or TaskRequeued))
        {
            // Of a process before this one, perhaps: then the task does not run again under that number.
            flow.UseUp([attempt]);
            // Also of an attempt that was ended without its executor, by force: only now is the slot free.
            flow.Queue.Release(from.Id, attempt);
            flow.Assign(now);
            return false;
        }

        task!.State = transition.After;
        task.Avoid = result.IsInfrastructureFailure ? from.Id : null;
        flow.Health.Reported(from, task, attempt, result, now);
        // The next task need not wait for the disk, unless results pile up before it.
        task.KeepsSlot = (_unstored >= options.MaxUnstoredResults || _unstoredBytes >= options.MaxUnstoredBytes) && transition is TaskEnded;
        task.UnstoredBytes = 1 + (2 * TaskSize.Of(result));
        _unstored++;
        _unstoredBytes += task.UnstoredBytes;
        if (!task.KeepsSlot)
        {
            flow.Queue.Release(from.Id, attempt);
            flow.Assign(now);
        }

        if (transition is TaskEnded)
        {
            flow.End(task, EndedResults.Reported(task, result), isReport: true);
        }
        else
        {
            flow.Requeue(task, result);
        }

        return true;
    }

    /// <summary>Whether an attempt's live output counts: it is an executor's own, and all of it has come this way.</summary>
    public bool TakesOutput(BoardExecutor from, TaskAttempt attempt) =>
        flow.IsCurrent(from)
        && flow.Tasks.TryGet(attempt.TaskId, out BoardTask? task)
        && task.State.Status == ExecutionStatus.Running
        && task.Attempt == attempt
        && task.State.ExecutorId == from.Id
        && task.Run is { IsAdopted: false };

    /// <summary>A task's end is stored: the task is let go of, and whoever waits for it goes on.</summary>
    /// <param name="task">The task.</param>
    /// <param name="result">The result that is stored, which need not be the one that was to be.</param>
    /// <param name="now">The time.</param>
    public void EndStored(BoardTask task, TaskResult result, DateTimeOffset now)
    {
        flow.Tasks.Remove(task);
        flow.InFlight.End(task.TaskId);
        SettleReport(task);
        flow.Emit(new AnnounceEnd(task, result));
        flow.EndInGraph(task.TaskId, result.Status, now);
        flow.Assign(now);
    }

    /// <summary>It is stored that an attempt is followed by another.</summary>
    public void RequeueStored(StoreRequeue effect, DateTimeOffset now)
    {
        BoardTask task = effect.Task;
        SettleReport(task);
        // Somebody may have cancelled it meanwhile.
        if (task.Phase == TaskPhase.Requeuing && task.State.Attempt == effect.After.Attempt)
        {
            flow.Enqueue(task);
        }

        flow.Assign(now);
    }

    /// <summary>Somebody asks for a task's end.</summary>
    /// <returns>What came of it; null: the task is not here, so it has ended or never was.</returns>
    public CancelOutcome? Cancel(string taskId, DateTimeOffset now)
    {
        if (!flow.Tasks.TryGet(taskId, out BoardTask? task))
        {
            return null;
        }

        if (task.Phase == TaskPhase.Loading)
        {
            EndUntold(task, now);
            flow.Assign(now);
            return CancelOutcome.Cancelled;
        }

        bool isFirst = !task.State.CancelRequested;
        TaskTransition transition = task.State.Cancel();
        task.State = transition.After;
        switch (transition)
        {
            case TaskEnded:
                flow.End(task, EndedResults.Cancelled(task, now));
                return CancelOutcome.Cancelled;
            case CancelAwaitsExecutor:
                if (isFirst)
                {
                    _cancels.Add(task, now);
                }

                if (flow.Executors.Find(task.State.ExecutorId!) is BoardExecutor executor)
                {
                    flow.Emit(new StopAttempt(executor, task.Attempt));
                }

                flow.Emit(new StoreCancelRequest(task));
                return CancelOutcome.Requested;
            default:
                return CancelOutcome.AlreadyEnded;
        }
    }

    /// <summary>Ends the tasks whose executors have not stopped them within the grace.</summary>
    public void EndOverdueCancels(DateTimeOffset now)
    {
        while (_cancels.TakeDue(now) is BoardTask task)
        {
            // Its slot stays taken until the executor, which may still run it, reports or is lost.
            task.State = task.State.CancelNow().After;
            flow.End(task, EndedResults.Cancelled(task, now));
        }
    }

    /// <summary>Ends a task as CANCELLED whose executor has not been told of it.</summary>
    private void EndUntold(BoardTask task, DateTimeOffset now)
    {
        flow.Queue.Release(task.State.ExecutorId!, task.Attempt);
        task.State = task.State.CancelNow().After;
        flow.End(task, EndedResults.Cancelled(task, now));
        flow.PassOver(task.Run!.Executor, new TaskAttempt(task.TaskId, task.Run.Attempt));
    }

    /// <summary>A report is in the store.</summary>
    private void SettleReport(BoardTask task)
    {
        if (task.KeepsSlot)
        {
            flow.Queue.Release(task.State.ExecutorId!, task.Attempt);
        }

        _unstored -= task.UnstoredBytes > 0 ? 1 : 0;
        _unstoredBytes -= task.UnstoredBytes;
        (task.UnstoredBytes, task.KeepsSlot) = (0, false);
    }
}
