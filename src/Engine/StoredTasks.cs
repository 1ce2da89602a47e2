using Executor.Engine.Board;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>The tasks that an earlier process left in the store.</summary>
internal sealed class StoredTasks(LockedBoard board, EffectRunner effects, ITaskStore store, ILogger log)
{
    private const int WritesAtOnce = 1_000;

    /// <summary>Puts them on the board. Ends when what follows is stored.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        (int count, int running) = (0, 0);
        await foreach (TaskRecord record in store.ReadOpenAsync(cancellationToken))
        {
            count++;
            running += record.State.Status == ExecutionStatus.Running ? 1 : 0;
            board.Prepare((board, now) => board.Restart.Restore(record, now));
        }

        if (count > 0)
        {
            log.Recovered(count, running);
        }

        IReadOnlyList<string> ended = board.Read((board, _) => board.Restart.EndedParents());
        Dictionary<string, ExecutionStatus> parents = (await store.GetStatesAsync(ended, cancellationToken))
            .Where(parent => parent.Value.Status.IsFinal())
            .ToDictionary(parent => parent.Key, parent => parent.Value.Status);
        if (ended.FirstOrDefault(id => !parents.ContainsKey(id)) is string unknown)
        {
            log.ParentsUnknown(ended.Count - parents.Count, unknown);
        }

        IReadOnlyList<ExecutorRecord> executors = await store.ListExecutorsAsync(cancellationToken);
        IReadOnlyList<BoardEffect> left =
            board.Apply((board, now) => board.Restart.Start(parents, executors.Select(executor => executor.ExecutorId), now));
        foreach (BoardEffect[] some in left.Chunk(WritesAtOnce))
        {
            await Task.WhenAll(some.Select(effects.BeginAsync));
        }
    }
}
