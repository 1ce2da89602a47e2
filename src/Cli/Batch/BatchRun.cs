using Executor.Configuration.Batches;

namespace Executor.Cli.Batch;

/// <summary>Runs the tasks of a batch: reads and submits some at a time, keeps a bounded number of them at the service, and writes each result as the task ends.</summary>
internal sealed class BatchRun : IDisposable
{
    private readonly BatchRequest _request;
    private readonly BatchPlace _place;
    private readonly BatchLedger _ledger;
    private readonly CancellationTokenSource _stop;
    private readonly BatchSubmitter _submitter;
    private readonly BatchRoom _room;
    private readonly BatchResults _results;

    /// <param name="request">What was asked for.</param>
    /// <param name="place">Where the tasks run.</param>
    /// <param name="ledger">Takes the results. When it stops, nothing more is submitted, and what was is given up.</param>
    public BatchRun(BatchRequest request, BatchPlace place, BatchLedger ledger)
    {
        (_request, _place, _ledger) = (request, place, ledger);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ledger.Stop);
        _submitter = new BatchSubmitter(place, ledger);
        _room = new BatchRoom(place);
        _results = new BatchResults(place, ledger, _room, _stop);
    }

    /// <summary>How many had ended before they were submitted: the service gave the results of then.</summary>
    public long EndedBefore => _submitter.EndedBefore;

    /// <summary>Runs all tasks; returns when the last has ended or the batch was stopped.</summary>
    /// <exception cref="TaskBatchException">The file can't be read any further; what was submitted is given up.</exception>
    public async Task RunAsync()
    {
        try
        {
            await SubmitAllAsync();
            await _results.WhenAllAsync();
        }
        catch (Exception failed)
        {
            // What broke the collecting is the cause, and the submitting only stopped with it.
            Exception? cause = await _results.StopAsync();
            if (_ledger.Stop.IsCancellationRequested || (cause ?? failed) is TaskBatchException)
            {
                await _place.AbandonAsync(_results.Left);
            }

            if (failed is not OperationCanceledException)
            {
                throw;
            }

            if (!_ledger.Stop.IsCancellationRequested)
            {
                throw cause ?? failed;
            }
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task SubmitAllAsync()
    {
        await using BatchReader reader = new(_request, _place, _ledger, _stop.Token);
        while (true)
        {
            await _room.WaitAsync(_stop.Token);
            if (await reader.ReadAsync() is not IReadOnlyList<BatchItem> items)
            {
                break;
            }

            // Before they are submitted: a submit that is interrupted may have arrived.
            foreach (BatchItem item in items)
            {
                _results.Expect(item);
            }

            HashSet<BatchItem> taken = [.. await _submitter.SubmitAsync(items, _stop.Token)];
            foreach (BatchItem item in items)
            {
                if (taken.Contains(item))
                {
                    _results.Await(item);
                }
                else
                {
                    _results.Leave(item);
                }
            }
        }

        _results.Complete();
    }
}
