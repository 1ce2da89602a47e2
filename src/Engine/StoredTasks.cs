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

        Dictionary<string, ExecutionStatus> parents = [];
        List<string> unknown = [];
        foreach (string id in board.Read((board, _) => board.Restart.EndedParents()))
        {
            if (await store.GetResultAsync(id, cancellationToken) is TaskResult ended)
            {
                parents[id] = ended.Status;
            }
            else
            {
                unknown.Add(id);
            }
        }

        if (unknown.Count > 0)
        {
            log.ParentsUnknown(unknown.Count, unknown[0]);
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
