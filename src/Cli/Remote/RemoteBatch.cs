using Executor.Cli.Batch;
using Executor.Hosting;
using Executor.Http;

namespace Executor.Cli.Remote;

/// <summary>Runs a batch at a server for somebody who watches.</summary>
internal static class RemoteBatch
{
    /// <summary>Runs it and gives our exit code, which is that of a batch that runs here.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="batchId">What the server's ids of tasks that bring none begin with; null: made from the tasks.</param>
    /// <param name="server">The server.</param>
    /// <exception cref="UsageException">The request is not valid, or the server won't do it.</exception>
    public static async Task<int> ExecuteAsync(BatchRequest request, string? batchId, ServerAddress server)
    {
        BatchProgram.Check(request);
        using Interruption interruption = new();
        return await BatchProgram.WatchAsync(request, interruption, ledger => ServerUse.RunAsync(
            server,
            HttpTimeLimits.Lasting,
            trouble => ledger.Progress.Note = trouble,
            async service =>
            {
                using BatchRun run = new(request, new RemotePlace(service.Tasks, server, batchId), ledger);
                await run.RunAsync();
                if (run.EndedBefore > 0)
                {
                    Reporter.Say($"{run.EndedBefore} had ended at the server before; these are the results of then{(batchId is null ? " (--batch-id NAME runs tasks without task_id again)" : "")}");
                }

                return ExitCodes.Success;
            }));
    }
}
