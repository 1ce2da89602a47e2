using System.Security.Cryptography;
using System.Text.Json;
using Executor.Cli.Batch;
using Executor.Execution;
using Executor.Hosting;
using Executor.Http;
using Executor.Http.Wire;
using Executor.Tasks;

namespace Executor.Cli.Remote;

/// <summary>A server as the place of a batch: some hundreds of tasks are submitted together, and what was submitted is cancelled when the batch is given up.</summary>
/// <param name="tasks">The server's tasks.</param>
/// <param name="server">The server.</param>
/// <param name="batchId">What its ids of tasks that bring none begin with; null: they end with what tells the task from others.</param>
internal sealed class RemotePlace(ITaskService tasks, ServerAddress server, string? batchId) : BatchPlace
{
    private const int HashLength = 12;
    private static readonly TimeSpan CancelTimeLimit = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public override ITaskService Tasks => tasks;

    /// <inheritdoc/>
    public override int ChunkTasks => 500;

    /// <inheritdoc/>
    public override long ChunkSize => 4L << 20;

    /// <inheritdoc/>
    public override int MaxTasks => 2_000;

    /// <inheritdoc/>
    public override long MaxSize => 256L << 20;

    /// <inheritdoc/>
    public override int Waiters => 64;

    /// <inheritdoc/>
    public override TimeSpan LongWait => TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    // The same task gets the same id again, so that a batch that was broken off finds its tasks.
    public override TaskSpec ToService(TaskSpec spec, string fileId, bool hasOwnId) =>
        spec with { TaskId = hasOwnId ? fileId : batchId is not null ? $"{batchId}.{fileId}" : $"{fileId}-{HashOf(spec with { TaskId = null })}" };

    /// <inheritdoc/>
    public override bool IsTooLarge(Exception failed) => failed is HttpServiceException { Kind: HttpFaultKind.TooLarge };

    /// <inheritdoc/>
    public override async Task AbandonAsync(IReadOnlyCollection<BatchItem> left)
    {
        if (left.Count == 0)
        {
            return;
        }

        Reporter.Say($"cancelling {left.Count} tasks at the server; Ctrl-C again leaves them to it");
        using CancellationTokenSource late = new(CancelTimeLimit);
        try
        {
            await Parallel.ForEachAsync(
                left,
                new ParallelOptions { MaxDegreeOfParallelism = Waiters, CancellationToken = late.Token },
                async (item, token) => await tasks.CancelAsync(item.TaskId, token));
        }
        catch (Exception failed) when (failed is OperationCanceledException || ServerFault.Explain(failed, server) is not null)
        {
            string reason = ServerFault.Explain(failed, server)?.Message ?? "it answers too slowly";
            Reporter.Say($"some tasks may still run at the server: {reason}");
        }
    }

    private static string HashOf(TaskSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, ApiJson.Wire.TaskSpec)))[..HashLength];
}
