using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Executor.Tasks;

namespace Executor.Storage.Sql;

internal sealed partial class SqlTaskStore
{
    // Pieces of a large submit: each is in one transaction, and while one is written the next ones are made ready.
    private const int PieceTasks = 500;
    private const int PieceCharacters = 4 * 1024 * 1024;
    private const int PiecesInFlight = 4;

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

        List<SubmitOutcome> outcomes = new(tasks.Count);
        Queue<Task<IReadOnlyList<SubmitOutcome>>> inFlight = [];
        try
        {
            for (int next = 0; next < tasks.Count;)
            {
                List<NewTask> piece = [];
                for (long characters = 0; next < tasks.Count && piece.Count < PieceTasks && characters < PieceCharacters; next++)
                {
                    piece.Add(new NewTask(tasks[next]));
                    characters += piece[^1].Spec.Length;
                }

                inFlight.Enqueue(_writes.WriteAsync(new SubmitRequest(piece), cancellationToken));
                if (inFlight.Count == PiecesInFlight)
                {
                    outcomes.AddRange(await inFlight.Dequeue());
                }
            }

            while (inFlight.TryDequeue(out Task<IReadOnlyList<SubmitOutcome>>? piece))
            {
                outcomes.AddRange(await piece);
            }

            return outcomes;
        }
        finally
        {
            // After a failure the caller hears of that one; the pieces behind it must not go unobserved.
            await ((Task)Task.WhenAll(inFlight)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void MarkRunning(TaskStart start) => _marks.Add(start);

    /// <inheritdoc/>
    public Task<WriteOutcome> CompleteAsync(TaskCompletion completion, CancellationToken cancellationToken)
    {
        TaskResult result = completion.Result;
        var ended = new EndedTask(result, completion.CodeExecutor, _options.OutputLimit);
        return ChangeAsync(result.TaskId, (state, now) => state.Complete(result, now), cancellationToken, ended);
    }

    /// <inheritdoc/>
    public Task<WriteOutcome> CancelAsync(TaskResult result, CancellationToken cancellationToken)
    {
        var ended = new EndedTask(result, null, _options.OutputLimit);
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
