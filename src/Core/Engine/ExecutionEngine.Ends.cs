using Executor.Runners;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    private int _unstored;

    internal void TakeOutput(EngineConnection from, TaskAttempt attempt, OutputStream stream, ReadOnlySpan<byte> data)
    {
        OutputLog output;
        lock (_lock)
        {
            if (!IsCurrent(from)
                || !_tasks.TryGetValue(attempt.TaskId, out LiveTask? task)
                || task.State.Status != ExecutionStatus.Running
                || task.Attempt != attempt
                || task.State.ExecutorId != from.ExecutorId
                || task.Details?.IsAdopted(attempt.Attempt) == true)
            {
                return;
            }

            output = task.NeedDetails().Output;
        }

        output.Append(attempt.Attempt, stream, data);
    }

    internal async Task<bool> TakeReportAsync(EngineConnection from, TaskAttempt attempt, TaskResult result)
    {
        LiveTask? task;
        TaskTransition? transition = null;
        bool isFreed = true;
        List<Dispatch>? given = null;
        lock (_lock)
        {
            if (!IsCurrent(from))
            {
                return false;
            }

            if (_tasks.TryGetValue(attempt.TaskId, out task))
            {
                transition = task.State.Report(
                    from.ExecutorId, attempt.Attempt, result.Outcome(), RetryRules.For(task.Spec?.Retry), Now, Random.Shared.NextDouble());
            }

            if (transition is not (TaskEnded or TaskRequeued))
            {
                // Of an engine before this one, perhaps: then the task does not run again under that number.
                RepeatOutdated(Outdate([attempt]));
            }
            else
            {
                task!.State = transition.After;
                // The next task need not wait for the disk, unless results pile up before it.
                isFreed = _unstored++ < _options.MaxUnstoredResults || transition is TaskRequeued;
            }

            // Also of an attempt that was ended without its executor, by force: only now is the room free.
            if (isFreed)
            {
                _queue.Release(from.ExecutorId, attempt);
                given = Assign();
            }
        }

        Hand(given);
        if (transition is not (TaskEnded or TaskRequeued))
        {
            return false;
        }

        try
        {
            await RecordAsync(from, task!, attempt, result, transition);
            return true;
        }
        catch (OperationCanceledException)
        {
            // The engine stops before the store took it: the task runs again after the next start.
            return false;
        }
        finally
        {
            lock (_lock)
            {
                _unstored--;
                given = null;
                if (!isFreed)
                {
                    _queue.Release(from.ExecutorId, attempt);
                    given = Assign();
                }
            }

            Hand(given);
        }
    }

    private Task RecordAsync(EngineConnection from, LiveTask task, TaskAttempt attempt, TaskResult result, TaskTransition transition)
    {
        if (transition is TaskEnded)
        {
            return EndAsync(task, EndedResults.Reported(result, task, attempt.Attempt, from.ExecutorId, transition.After.Status), isReport: true);
        }

        if (result.IsInfrastructureFailure)
        {
            _log.InfrastructureFailed(attempt.TaskId, attempt.Attempt, result.Error!.Type, result.Error.Message);
        }

        return RepeatTaskAsync(task, attempt.Attempt, transition.After);
    }

    /// <summary>Stores a task's end, then tells everybody. <see cref="LiveTask.State"/> says already that it has ended.</summary>
    /// <param name="task">The task.</param>
    /// <param name="result">Its result.</param>
    /// <param name="isReport">Whether it is the result of the current attempt; else the task ends whatever its attempt.</param>
    private async Task EndAsync(LiveTask task, TaskResult result, bool isReport)
    {
        WriteOutcome outcome = await RepeatAsync(() => isReport
            ? _store.CompleteAsync(
                new TaskCompletion(result) { CodeExecutor = result.ConfigId is string name ? _options.FindCodeExecutor?.Invoke(name) : null },
                CancellationToken.None)
            : _store.CancelAsync(result, CancellationToken.None));
        if (outcome != WriteOutcome.Recorded)
        {
            _log.ResultNotRecorded(task.TaskId, result.Attempt, outcome);
            result = await RepeatAsync(() => _store.GetResultAsync(task.TaskId, _stopping.Token)) ?? result;
        }

        _monitor.TaskEnded(result);
        DependencyEffects effects;
        List<Dispatch>? given = null;
        LiveDetails? details;
        lock (_lock)
        {
            _tasks.Remove(task.TaskId);
            Uncount(task);
            details = task.Details;
            effects = _graph.End(task.TaskId, result.Status);
            foreach (string released in effects.Released)
            {
                // One that is still on its way into the store is enqueued when it is there.
                if (_tasks.TryGetValue(released, out LiveTask? child))
                {
                    EnqueueIfReady(child);
                }
            }

            foreach (DependencyFailure failure in effects.Failed)
            {
                if (!_tasks.ContainsKey(failure.TaskId))
                {
                    _failedEarly[failure.TaskId] = failure;
                }
            }

            if (effects.Released.Count > 0)
            {
                given = Assign();
            }
        }

        details?.End(result);
        if (task.Spec?.CallbackUrl is string url)
        {
            _options.Callbacks?.Post(url, result);
        }

        Hand(given);
        if (effects.Failed.Count > 0)
        {
            _work.Track(FailDependentsAsync(effects.Failed));
        }
    }

    /// <summary>Stores that an attempt is followed by another, then lets the task wait for it.</summary>
    private async Task RepeatTaskAsync(LiveTask task, int attempt, TaskLifecycle after)
    {
        _monitor.AttemptRepeated();
        await RepeatAsync(() => _store.RequeueAsync(
            new TaskRequeue(task.TaskId, attempt)
            {
                NotBefore = after.NotBefore,
                Failures = after.Failures,
                InfrastructureRetries = after.InfrastructureRetries,
                LossRetries = after.LossRetries,
            },
            CancellationToken.None));
        List<Dispatch>? given;
        lock (_lock)
        {
            // Somebody may have cancelled it meanwhile.
            if (task.State.Status == ExecutionStatus.Pending && task.State.Attempt == after.Attempt)
            {
                _queue.Enqueue(task.ToQueued());
            }

            given = Assign();
        }

        Hand(given);
    }

    private Task FailDependentsAsync(IReadOnlyList<DependencyFailure> failures) => Task.WhenAll(failures.Select(async failure =>
    {
        LiveTask? task;
        lock (_lock)
        {
            if (!_tasks.TryGetValue(failure.TaskId, out task) || task.State.FailWaiting() is not TaskEnded ended)
            {
                return;
            }

            task.State = ended.After;
            _queue.Cancel(failure.TaskId);
        }

        if (await SpecOfAsync(task) is TaskSpec spec)
        {
            await EndAsync(task, EndedResults.DependencyFailed(spec, task.State, Now, failure), isReport: false);
        }
    }));

    /// <summary>Attempts that will not report: each is repeated or ends, as the rules say.</summary>
    private Task LoseAsync(IReadOnlyList<TaskAttempt> lost, LossReason reason) => Task.WhenAll(lost.Select(async attempt =>
    {
        LiveTask? task;
        TaskTransition transition;
        lock (_lock)
        {
            if (!_tasks.TryGetValue(attempt.TaskId, out task))
            {
                return;
            }

            transition = task.State.Lose(attempt.Attempt, reason, RetryRules.For(task.Spec?.Retry), Now, Random.Shared.NextDouble());
            task.State = transition.After;
        }

        if (transition is TaskRequeued requeued)
        {
            await RepeatTaskAsync(task, attempt.Attempt, requeued.After);
        }
        else if (transition is TaskEnded ended && await SpecOfAsync(task) is TaskSpec spec)
        {
            await EndAsync(
                task,
                ended.After.Status == ExecutionStatus.Cancelled
                    ? EndedResults.Cancelled(spec, ended.After, Now)
                    : EndedResults.Lost(spec, ended.After, Now),
                isReport: false);
        }
    }));
}
