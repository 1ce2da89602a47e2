using Executor.Cli.Running;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Runs a task of a batch as often as it asks for. Whatever goes wrong is a result: it must not cost the other tasks.</summary>
internal sealed class TaskAttempts(LocalTasks tasks, TimeProvider time)
{
    /// <summary>The result of the first attempt that did not fail, else of the last.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two attempts.</exception>
    public async Task<TaskResult> RunAsync(TaskSpec task, CancellationToken cancellationToken)
    {
        RetryPolicy policy = task.Retry ?? new RetryPolicy();
        TimeSpan backoff = policy.Backoff;
        for (int attempt = 1; ; attempt++)
        {
            TaskResult result = await RunOnceAsync(task, attempt, cancellationToken);
            if (result.Status != ExecutionStatus.Failed || attempt >= policy.MaxAttempts)
            {
                return result;
            }

            await Task.Delay(backoff, time, cancellationToken);
            backoff *= 2;
        }
    }

    private async Task<TaskResult> RunOnceAsync(TaskSpec task, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await tasks.RunAsync(task, live: null, input: null, attempt, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new TaskResult
            {
                TaskId = task.TaskId!,
                Name = task.Name,
                Details = task.Details,
                Attempt = attempt,
                Status = ExecutionStatus.Failed,
                Error = new TaskError { Type = (exception as RunnerException)?.ErrorType ?? TaskErrorTypes.RunnerFailed, Message = exception.Message },
            };
        }
    }
}
