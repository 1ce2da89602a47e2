using Executor.Execution;
using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

public sealed partial class ExecutionEngine
{
    /// <inheritdoc/>
    public async Task<CancelOutcome> CancelAsync(string taskId, CancellationToken cancellationToken)
    {
        ThrowIfStopping();
        LiveTask? task;
        TaskTransition transition;
        IExecutorLink? link = null;
        lock (_lock)
        {
            if (!_tasks.TryGetValue(taskId, out task))
            {
                transition = new TransitionRefused(TaskLifecycle.Submitted, RefusalReason.AlreadyEnded);
            }
            else
            {
                transition = task.State.Cancel();
                task.State = transition.After;
                if (transition is CancelAwaitsExecutor)
                {
                    link = _executors.GetValueOrDefault(task.State.ExecutorId!)?.Link;
                    task.NeedDetails().CancelDueAt ??= Now + _options.CancelPatience;
                    _cancelling.Add(task);
                }
                else if (transition is TaskEnded)
                {
                    _queue.Cancel(taskId);
                }
            }
        }

        switch (transition)
        {
            case CancelAwaitsExecutor:
                link?.Cancel(task!.Attempt);
                await _store.RequestCancelAsync(taskId, CancellationToken.None);
                return CancelOutcome.Requested;
            case TaskEnded ended:
                if (await SpecOfAsync(task!) is TaskSpec spec)
                {
                    await EndAsync(task!, EndedResults.Cancelled(spec, ended.After, Now), isReport: false);
                }

                return CancelOutcome.Cancelled;
            default:
                return task is not null || await _store.GetAsync(taskId, cancellationToken) is not null
                    ? CancelOutcome.AlreadyEnded
                    : CancelOutcome.NotFound;
        }
    }
}
