using System.Collections.Concurrent;
using System.Threading.Channels;
using Executor.Cli.Batch;
using Executor.Configuration.Batches;

namespace Executor.Cli.Remote;

/// <summary>
/// Runs the tasks of a batch at a server: submits some hundreds at a time, keeps a bounded number of them there, and fetches each
/// result as the task ends.
/// </summary>
internal sealed partial class RemoteBatchRun : IDisposable
{
    private const int MaxInFlight = 4 * ChunkTasks;
    private const int Collectors = 64;

    private readonly BatchRequest _request;
    private readonly string? _batchId;
    private readonly ExecutorClient _client;
    private readonly BatchLedger _ledger;
    private readonly BatchSubmitter _submitter;
    private readonly SemaphoreSlim _room = new(MaxInFlight);
    private readonly ConcurrentDictionary<RemoteTask, bool> _inFlight = [];
    private readonly CancellationTokenSource _stop;
    private volatile bool _isRead;

    // Those asked for least often come first, of them the urgent ones, as at the server.
    private readonly Channel<RemoteTask> _ends = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<RemoteTask>
    {
        Comparer = Comparer<RemoteTask>.Create((left, right) => (left.Round, -(long)left.Priority, left.Line).CompareTo((right.Round, -(long)right.Priority, right.Line))),
    });

    /// <param name="request">What was asked for.</param>
    /// <param name="batchId">What the server's ids of tasks that bring none begin with; null: made from the tasks.</param>
    /// <param name="client">The server.</param>
    /// <param name="ledger">Takes the results. When it stops, nothing more is submitted, and what was is cancelled.</param>
    public RemoteBatchRun(BatchRequest request, string? batchId, ExecutorClient client, BatchLedger ledger)
    {
        (_request, _batchId, _client, _ledger) = (request, batchId, client, ledger);
        _submitter = new BatchSubmitter(client, ledger);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ledger.Stop);
    }

    /// <summary>How many had ended before they were submitted: the server gave the results of then.</summary>
    public long EndedBefore => _submitter.EndedBefore;

    /// <summary>Runs all tasks; returns when the last has ended or the batch was stopped.</summary>
    /// <exception cref="TaskBatchException">The file can't be read any further; what was submitted is cancelled.</exception>
    public async Task RunAsync()
    {
        Task[] all = [Guarded(SubmitAllAsync), .. Enumerable.Range(0, Collectors).Select(_ => Guarded(CollectAsync))];
        try
        {
            await Task.WhenAll(all);
        }
        catch (OperationCanceledException) when (_ledger.Stop.IsCancellationRequested)
        {
            await CancelAllAsync();
        }
        catch (TaskBatchException)
        {
            await CancelAllAsync();
            throw;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _room.Dispose();
    }

    /// <summary>What breaks one part of the run ends the others, too.</summary>
    private async Task Guarded(Func<Task> part)
    {
        try
        {
            await part();
        }
        catch
        {
            await _stop.CancelAsync();
            throw;
        }
    }
}
