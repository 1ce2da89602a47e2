using Executor.Cli.Running;
using Executor.Configuration.Batches;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Runs the tasks of a batch: reads ahead, starts the most urgent when a slot is free, writes each result as it comes.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="tasks">Runs the tasks.</param>
/// <param name="ledger">Takes the results. When it stops, no more tasks are started, running ones are cancelled, and their results not written.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchRun(BatchRequest request, LocalTasks tasks, BatchLedger ledger, TimeProvider time) : IDisposable
{
    private readonly TaskAttempts _attempts = new(tasks, time);
    private readonly BatchWindow _window = new();
    private readonly BatchIds _ids = new();
    private readonly SemaphoreSlim _slots = new(request.Parallel);
    private long _read;

    /// <summary>Runs all tasks; returns when the last has ended or the batch was stopped.</summary>
    /// <exception cref="TaskBatchException">The file can't be read any further.</exception>
    public async Task RunAsync()
    {
        try
        {
            await using IAsyncEnumerator<TaskBatchEntry> reader = request.ReadAsync(ledger.Stop).GetAsyncEnumerator(ledger.Stop);
            bool hasMore = true;
            while ((hasMore = hasMore && await FillAsync(reader)) || _window.Count > 0)
            {
                await _slots.WaitAsync(ledger.Stop);
                BatchItem next = _window.Take();
                _ = Task.Run(() => RunInSlotAsync(next), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (ledger.Stop.IsCancellationRequested)
        {
            // What runs is being cancelled; what was done is written.
        }
        finally
        {
            // Every slot back is every task ended.
            for (int i = 0; i < request.Parallel; i++)
            {
                await _slots.WaitAsync(CancellationToken.None);
            }
        }
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>Reads until the window is full; false at the end of the file.</summary>
    private async Task<bool> FillAsync(IAsyncEnumerator<TaskBatchEntry> reader)
    {
        while (!_window.IsFull)
        {
            if (!await reader.MoveNextAsync())
            {
                ledger.Progress.Total = _read;
                return false;
            }

            _read++;
            Accept(reader.Current);
        }

        return true;
    }

    private void Accept(TaskBatchEntry entry)
    {
        string taskId = _ids.Of(entry);
        if (ledger.TrySkip(taskId))
        {
            return;
        }

        if (!entry.Reading.IsValid)
        {
            ledger.Refuse(new InvalidEntry(entry.Line, taskId, entry.Reading.Faults));
            return;
        }

        TaskSpec task = BatchTask.WithDefaults(entry.Reading.Task, taskId, request);
        if (tasks.FaultsOf(task) is { Count: > 0 } faults)
        {
            ledger.Refuse(new InvalidEntry(entry.Line, taskId, faults));
        }
        else
        {
            _window.Add(new BatchItem(entry.Line, task));
        }
    }

    private async Task RunInSlotAsync(BatchItem item)
    {
        try
        {
            TaskSpec task = BatchTask.WithFiles(item.Task, request.Folder);
            TaskResult result = await _attempts.RunAsync(task, ledger.Stop);
            if (result.Status != ExecutionStatus.Cancelled || !ledger.Stop.IsCancellationRequested)
            {
                ledger.Record(result);
            }
        }
        catch (UsageException exception)
        {
            ledger.Refuse(new InvalidEntry(item.Line, item.Task.TaskId!, [new ValidationFault("", exception.Message)]));
        }
        catch (OperationCanceledException) when (ledger.Stop.IsCancellationRequested)
        {
            // Not started again before the batch was interrupted: --resume will.
        }
        finally
        {
            _slots.Release();
        }
    }
}
