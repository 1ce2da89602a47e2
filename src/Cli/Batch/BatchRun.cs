using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Runs the tasks of a batch: reads ahead, starts the most urgent when a slot is free, writes each result as it comes.</summary>
internal sealed class BatchRun : IDisposable
{
    private readonly BatchRequest _request;
    private readonly LocalHost _host;
    private readonly TaskAttempts _attempts;
    private readonly ResultsWriter _results;
    private readonly IReadOnlyDictionary<string, bool> _ended;
    private readonly BatchProgress _progress;
    private readonly TimeProvider _time;
    private readonly BatchWindow _window = new();
    private readonly BatchIds _ids = new();
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stop;
    private long _read;
    private IOException? _failure;

    /// <param name="request">What was asked for.</param>
    /// <param name="host">Runs the tasks.</param>
    /// <param name="results">Takes the results.</param>
    /// <param name="ended">Tasks to leave out, by id, and whether they ended with success.</param>
    /// <param name="progress">Told of every task's end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interruption">Stops it: no more tasks are started, running ones are cancelled, and their results not written.</param>
    public BatchRun(
        BatchRequest request, LocalHost host, ResultsWriter results, IReadOnlyDictionary<string, bool> ended, BatchProgress progress, TimeProvider time, CancellationToken interruption)
    {
        (_request, _host, _results, _ended, _progress, _time) = (request, host, results, ended, progress, time);
        _attempts = new TaskAttempts(host, time);
        _slots = new SemaphoreSlim(request.Parallel);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
    }

    /// <summary>Entries that could not be run.</summary>
    public InvalidEntries Invalid { get; } = new();

    /// <summary>Runs all tasks; returns when the last has ended or the batch was interrupted.</summary>
    /// <exception cref="TaskBatchException">The file can't be read any further.</exception>
    /// <exception cref="IOException">A result could not be written.</exception>
    public async Task RunAsync(IAsyncEnumerable<TaskBatchEntry> entries)
    {
        try
        {
            await using IAsyncEnumerator<TaskBatchEntry> reader = entries.GetAsyncEnumerator(_stop.Token);
            bool hasMore = true;
            while ((hasMore = hasMore && await FillAsync(reader)) || _window.Count > 0)
            {
                await _slots.WaitAsync(_stop.Token);
                BatchItem next = _window.Take();
                _ = Task.Run(() => RunInSlotAsync(next), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // What runs is being cancelled; what was done is written.
        }
        finally
        {
            // Every slot back is every task ended.
            for (int i = 0; i < _request.Parallel; i++)
            {
                await _slots.WaitAsync(CancellationToken.None);
            }
        }

        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
    }

    /// <summary>Reads until the window is full; false at the end of the file.</summary>
    private async Task<bool> FillAsync(IAsyncEnumerator<TaskBatchEntry> reader)
    {
        while (!_window.IsFull)
        {
            if (!await reader.MoveNextAsync())
            {
                _progress.Total = _read;
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
        if (_ended.TryGetValue(taskId, out bool success))
        {
            _progress.AddSkipped(success);
        }
        else if (!entry.Reading.IsValid)
        {
            Refuse(new InvalidEntry(entry.Line, taskId, entry.Reading.Faults));
        }
        else
        {
            TaskSpec task = BatchTask.WithDefaults(entry.Reading.Task, taskId, _request);
            if (_host.FaultsOf(task) is { Count: > 0 } faults)
            {
                Refuse(new InvalidEntry(entry.Line, taskId, faults));
            }
            else
            {
                _window.Add(new BatchItem(entry.Line, task));
            }
        }
    }

    private async Task RunInSlotAsync(BatchItem item)
    {
        try
        {
            TaskSpec task = BatchTask.WithFiles(item.Task, _request.Folder);
            TaskResult result = await _attempts.RunAsync(task, _stop.Token);
            if (result.Status != ExecutionStatus.Cancelled || !_stop.IsCancellationRequested)
            {
                Record(result);
            }
        }
        catch (UsageException exception)
        {
            Refuse(new InvalidEntry(item.Line, item.Task.TaskId!, [new ValidationFault("", exception.Message)]));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Not started again before the batch was interrupted: --resume will.
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Refuse(InvalidEntry entry)
    {
        Invalid.Add(entry);
        Record(entry.ToResult(_time));
    }

    private void Record(TaskResult result)
    {
        try
        {
            _results.Write(result);
            _progress.AddEnded(result.Success);
        }
        catch (IOException exception)
        {
            _failure ??= exception;
            _stop.Cancel();
        }
    }
}
