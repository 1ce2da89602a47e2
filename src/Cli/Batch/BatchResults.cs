using System.Collections.Concurrent;
using System.Threading.Channels;
using Executor.Clocks;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Fetches the results of a batch as its tasks end, and gives them to the ledger. Waits in turn for more tasks than it can for each at once.</summary>
/// <param name="place">Where the tasks run.</param>
/// <param name="ledger">Takes the results.</param>
/// <param name="room">Gets back what an ended task took.</param>
/// <param name="stop">Breaks off, and is cancelled when results can't be had.</param>
internal sealed class BatchResults(BatchPlace place, BatchLedger ledger, BatchRoom room, CancellationTokenSource stop)
{
    private const int MostForgotten = 3;
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(2);

    // Those asked for least often come first, of them the urgent ones, as at the service.
    private readonly Channel<BatchItem> _ends = Channel.CreateUnboundedPrioritized(new UnboundedPrioritizedChannelOptions<BatchItem>
    {
        Comparer = Comparer<BatchItem>.Create((left, right) => (left.Round, -(long)left.Spec.Priority, left.Line).CompareTo((right.Round, -(long)right.Spec.Priority, right.Line))),
    });

    private readonly ConcurrentDictionary<BatchItem, bool> _left = [];
    private readonly List<Task> _waiters = [];
    private volatile bool _isComplete;

    /// <summary>Tasks that may be at the service and have not ended.</summary>
    public IReadOnlyCollection<BatchItem> Left => [.. _left.Keys];

    /// <summary>A task is to be submitted.</summary>
    public void Expect(BatchItem item)
    {
        room.Take(item);
        _left[item] = true;
    }

    /// <summary>It was: its result will come.</summary>
    public void Await(BatchItem item)
    {
        Enqueue(item);
        if (_waiters.Count < place.Waiters)
        {
            _waiters.Add(Task.Run(CollectAsync, CancellationToken.None));
        }
    }

    /// <summary>It needs nothing more.</summary>
    public void Leave(BatchItem item)
    {
        _left.TryRemove(item, out _);
        room.Return(item);
        EndIfDone();
    }

    /// <summary>No more tasks come.</summary>
    public void Complete()
    {
        _isComplete = true;
        EndIfDone();
    }

    /// <summary>Ends when all results are there.</summary>
    public Task WhenAllAsync() => Task.WhenAll(_waiters);

    /// <summary>Breaks off.</summary>
    /// <returns>What kept it from having the results; null: nothing did.</returns>
    public async Task<Exception?> StopAsync()
    {
        await stop.CancelAsync();
        try
        {
            await WhenAllAsync();
        }
        catch (OperationCanceledException)
        {
        }
#pragma warning disable CA1031 // It is handed to whoever stops.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return failed;
        }

        return null;
    }

    private async Task CollectAsync()
    {
        try
        {
            await foreach (BatchItem item in _ends.Reader.ReadAllAsync(stop.Token))
            {
                await CollectAsync(item);
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task CollectAsync(BatchItem item)
    {
        TimeSpan wait = _ends.Reader.Count > 0 && place.LongWait > ShortWait ? ShortWait : place.LongWait;
        long start = SteadyTime.System.GetTimestamp();
        if (await place.Tasks.WaitAsync(item.TaskId, wait, stop.Token) is TaskResult result)
        {
            ledger.Record(result with { TaskId = item.FileId });
            place.Recorded(item, result);
            Leave(item);
            return;
        }

        item.Round++;
        bool isEarly = SteadyTime.System.GetElapsedTime(start) < wait / 2;
        if (isEarly && await place.Tasks.GetAsync(item.TaskId, stop.Token) is null)
        {
            // The service has lost what it had, or keeps results too shortly.
            if (++item.Forgotten > MostForgotten)
            {
                ledger.Refuse(item, new ValidationFault("", "the server took it and then did not know it any more"));
                Leave(item);
                return;
            }

            await place.Tasks.SubmitAsync([item.Spec], stop.Token);
        }

        Enqueue(item);
    }

    private void Enqueue(BatchItem item)
    {
        if (!_ends.Writer.TryWrite(item))
        {
            throw new InvalidOperationException("The run was over while a task was waited for.");
        }
    }

    private void EndIfDone()
    {
        if (_isComplete && _left.IsEmpty)
        {
            _ends.Writer.TryComplete();
        }
    }
}
