using Executor.Cli.Batch;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Remote;

internal sealed partial class RemoteBatchRun
{
    private const int MostForgotten = 3;
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CancelTimeLimit = TimeSpan.FromSeconds(15);

    /// <summary>Fetches results until there are no more tasks. Waits in turn for more tasks than it can for each at once.</summary>
    private async Task CollectAsync()
    {
        await foreach (RemoteTask task in _ends.Reader.ReadAllAsync(_stop.Token))
        {
            try
            {
                TimeSpan wait = _ends.Reader.Count > 0 ? ShortWait : LongWait;
                if (await _client.GetResultAsync(task.TaskId, wait, _stop.Token) is TaskResult result)
                {
                    _ledger.Record(result with { TaskId = task.FileId });
                    Leave(task);
                    continue;
                }

                task.Round++;
            }
            catch (ServerRefusedException refused) when (refused.IsNotFound)
            {
                // The server has lost what it had, or keeps results too shortly.
                if (++task.Forgotten > MostForgotten)
                {
                    _ledger.Refuse(new InvalidEntry(task.Line, task.FileId, [new ValidationFault("", "the server took it and then did not know it any more")]));
                    Leave(task);
                    continue;
                }

                await _client.SubmitAsync([task.Json], _stop.Token);
            }

            if (!_ends.Writer.TryWrite(task))
            {
                throw new InvalidOperationException("The run was over while a task was waited for.");
            }
        }
    }

    /// <summary>Ends what is left at the server, as far as it answers.</summary>
    private async Task CancelAllAsync()
    {
        RemoteTask[] left = [.. _inFlight.Keys];
        if (left.Length == 0)
        {
            return;
        }

        Reporter.Say($"cancelling {left.Length} tasks at the server; Ctrl-C again leaves them to it");
        using CancellationTokenSource late = new(CancelTimeLimit);
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(left, new ParallelOptions { MaxDegreeOfParallelism = Collectors, CancellationToken = late.Token }, async (task, token) =>
            {
                try
                {
                    await _client.CancelTaskAsync(task.TaskId, token);
                }
                catch (ServerRefusedException refused) when (refused.IsNotFound || refused.IsConflict)
                {
                    // It never got there, or has ended.
                }
            });
        }
        catch (Exception failed) when (failed is OperationCanceledException or ServerUnavailableException or ServerRefusedException)
        {
            Reporter.Say($"some tasks may still run at the server: {(failed is OperationCanceledException ? "it answers too slowly" : failed.Message)}");
        }
    }
}
