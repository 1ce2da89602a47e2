using Executor.Engine.Board;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>
/// Joins submitted tasks to those they depend on, and stores them. One batch after the other: what a batch was checked against must still hold
/// when it is stored.
/// </summary>
internal sealed class WorkflowLinks(LockedBoard board, ITaskStore store) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Links tasks, then stores them.</summary>
    /// <param name="submission">The tasks.</param>
    /// <param name="storeAll">Stores them.</param>
    /// <param name="cancellationToken">Stops it, but not between the two.</param>
    /// <exception cref="InvalidTaskException">A parent does not exist, or there is a cycle.</exception>
    public async Task<IReadOnlyList<SubmitOutcome>> StoreAsync(
        Submission submission, Func<Task<IReadOnlyList<SubmitOutcome>>> storeAll, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await LinkAsync(submission, cancellationToken);
            return await storeAll();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task LinkAsync(Submission submission, CancellationToken cancellationToken)
    {
        // A task that is stored already is not taken again; whether it is the same one is for the store to say.
        HashSet<string> stored = [.. (await store.GetSpecsAsync([.. submission.Tasks.Select(task => task.Spec.TaskId!)], cancellationToken)).Keys];
        Dictionary<string, ExecutionStatus?> looked = [];
        while (board.Apply((board, _) => board.Submits.Link(submission, stored, looked), out _) is { Count: > 0 } missing)
        {
            foreach (string id in missing)
            {
                looked[id] = (await store.GetResultAsync(id, cancellationToken))?.Status;
            }
        }
    }
}
