using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Executor.Tasks;

namespace Executor.Storage.Sql;

internal sealed partial class SqlTaskStore
{
    /// <inheritdoc/>
    public async Task<SubmitOutcome> SubmitAsync(TaskSubmission task, CancellationToken cancellationToken) =>
        (await _writes.WriteAsync(new SubmitRequest([new NewTask(task)]), cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SubmitOutcome>> SubmitAsync(IReadOnlyList<TaskSubmission> tasks, CancellationToken cancellationToken)
    {
        foreach (TaskSubmission task in tasks)
        {
            ArgumentException.ThrowIfNullOrEmpty(task.Spec.TaskId, "task_id");
        }

        // In one piece, however many they are: a child that is stored without its parent could never run.
        return tasks.Count == 0
            ? []
            : await _writes.WriteAsync(new SubmitRequest([.. tasks.Select(task => new NewTask(task))]), cancellationToken);
    }

    /// <inheritdoc/>
    public void MarkRunning(TaskStart start) => _marks.Add(start);

    /// <inheritdoc/>
    public Task<WriteOutcome> CompleteAsync(TaskCompletion completion, CancellationToken cancellationToken)
    {
        TaskResult result = completion.Result;
        var ended = new EndedTask(completion, _options.OutputLimit);
        return ChangeAsync(result.TaskId, (state, now) => state.Complete(result, now), cancellationToken, ended);
    }

    /// <inheritdoc/>
    public Task<WriteOutcome> CancelAsync(TaskCompletion completion, CancellationToken cancellationToken)
    {
        TaskResult result = completion.Result;
        var ended = new EndedTask(completion, _options.OutputLimit);
        return ChangeAsync(result.TaskId, (state, now) => state.Cancel(result, now), cancellationToken, ended);
    }

    /// <inheritdoc/>
    public Task<WriteOutcome> RequeueAsync(TaskRequeue requeue, CancellationToken cancellationToken) =>
        ChangeAsync(requeue.TaskId, (state, _) => state.Requeue(requeue), cancellationToken);

    /// <inheritdoc/>
    public Task<WriteOutcome> RequestCancelAsync(string taskId, CancellationToken cancellationToken) =>
        ChangeAsync(taskId, (state, _) => state.RequestCancel(), cancellationToken);

    private Task<WriteOutcome> ChangeAsync(
        string taskId, Func<TaskState, DateTimeOffset, TaskState?> rule, CancellationToken cancellationToken, EndedTask? ended = null)
    {
        _marks.Remove(taskId);
        return _writes.WriteAsync(new ChangeRequest(taskId, rule, ended), cancellationToken);
    }
}
