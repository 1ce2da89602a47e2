using Executor.Engine.Board;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>
/// Stores submitted tasks, those with parents joined to them before. Of these one batch after the other: what a batch was checked against must
/// still hold when it is stored.
/// </summary>
internal sealed class SubmissionWriter(LockedBoard board, ITaskStore store) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Stores tasks.</summary>
    /// <param name="submission">The tasks.</param>
    /// <param name="cancellationToken">Stops the waiting and the checks before; the write is not broken off, or nobody would know whether it was done.</param>
    /// <returns>An outcome for each, in their order.</returns>
    /// <exception cref="InvalidTaskException">A parent does not exist, or there is a cycle.</exception>
    public async Task<IReadOnlyList<SubmitOutcome>> StoreAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (!submission.Tasks.Any(task => task.Spec.DependsOn is { Count: > 0 }))
        {
            return await WriteAsync(submission.Tasks);
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            await LinkAsync(submission, cancellationToken);
            return await WriteAsync(submission.Tasks);
        }
        catch
        {
            // Before the next batch is joined to tasks that are not stored.
            board.Prepare((board, _) => board.Submits.Unlink(submission));
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<IReadOnlyList<SubmitOutcome>> WriteAsync(IReadOnlyList<TaskSubmission> tasks) => tasks.Count == 1
        ? [await store.SubmitAsync(tasks[0], CancellationToken.None)]
        : await store.SubmitAsync(tasks, CancellationToken.None);

    private async Task LinkAsync(Submission submission, CancellationToken cancellationToken)
    {
        // A task that is stored already is not taken again; whether it is the same one is for the store to say.
        HashSet<string> stored = [.. (await store.GetStatesAsync([.. submission.Tasks.Select(task => task.Spec.TaskId!)], cancellationToken)).Keys];
        Dictionary<string, ExecutionStatus?> looked = [];
        while (board.Apply((board, _) => board.Submits.Link(submission, stored, looked), out _) is { Count: > 0 } missing)
        {
            IReadOnlyDictionary<string, TaskState> states = await store.GetStatesAsync([.. missing], cancellationToken);
            foreach (string id in missing)
            {
                looked[id] = states.GetValueOrDefault(id)?.Status is ExecutionStatus status && status.IsFinal() ? status : null;
            }
        }
    }
}
