using Executor.Cli.Batch;
using Executor.Configuration.Batches;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Remote;

internal sealed partial class RemoteBatchRun
{
    private const int ChunkTasks = 500;
    private const long ChunkBytes = 4L << 20;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private readonly BatchIds _ids = new();
    private long _read;

    private async Task SubmitAllAsync()
    {
        await using IAsyncEnumerator<TaskBatchEntry> reader = _request.ReadAsync(_stop.Token).GetAsyncEnumerator(_stop.Token);
        Task<bool> next = reader.MoveNextAsync().AsTask();
        while (await next)
        {
            for (int i = 0; i < ChunkTasks; i++)
            {
                await _room.WaitAsync(_stop.Token);
            }

            (List<RemoteTask> chunk, next) = await ReadChunkAsync(reader, next);
            if (chunk.Count < ChunkTasks)
            {
                _room.Release(ChunkTasks - chunk.Count);
            }

            await SubmitAsync(chunk);
        }

        _ledger.Progress.Total = _read;
        _isRead = true;
        CompleteIfDone();
    }

    /// <summary>Reads some tasks; a file that somebody still writes does not hold back those that it has.</summary>
    private async Task<(List<RemoteTask> Chunk, Task<bool> Next)> ReadChunkAsync(IAsyncEnumerator<TaskBatchEntry> reader, Task<bool> next)
    {
        List<RemoteTask> chunk = [];
        long bytes = 0;
        while (chunk.Count < ChunkTasks && bytes < ChunkBytes)
        {
            if (chunk.Count > 0 && !next.IsCompleted && await Task.WhenAny(next, Task.Delay(Linger, _stop.Token)) != next)
            {
                break;
            }

            if (!await next)
            {
                break;
            }

            _read++;
            if (Accept(reader.Current) is RemoteTask task)
            {
                chunk.Add(task);
                bytes += task.Json.Length;
            }

            next = reader.MoveNextAsync().AsTask();
        }

        return (chunk, next);
    }

    /// <summary>The task of an entry; null: there is none to run.</summary>
    private RemoteTask? Accept(TaskBatchEntry entry)
    {
        string fileId = _ids.Of(entry);
        if (_ledger.TrySkip(fileId))
        {
            return null;
        }

        if (!entry.Reading.IsValid)
        {
            _ledger.Refuse(new InvalidEntry(entry.Line, fileId, entry.Reading.Faults));
            return null;
        }

        try
        {
            TaskSpec task = BatchTask.WithFiles(BatchTask.WithDefaults(entry.Reading.Task, fileId, _request), _request.Folder);
            return new RemoteTask(entry.Line, fileId, task, hasOwnId: entry.Reading.Task.TaskId is not null, _batchId);
        }
        catch (UsageException exception)
        {
            _ledger.Refuse(new InvalidEntry(entry.Line, fileId, [new ValidationFault("", exception.Message)]));
            return null;
        }
    }

    private async Task SubmitAsync(List<RemoteTask> chunk)
    {
        // Before they are submitted: a submit that is interrupted may have arrived.
        foreach (RemoteTask task in chunk)
        {
            _inFlight[task] = true;
        }

        HashSet<RemoteTask> taken = [.. await _submitter.SubmitAsync(chunk, _stop.Token)];
        foreach (RemoteTask task in chunk)
        {
            if (!taken.Contains(task))
            {
                Leave(task);
            }
            else if (!_ends.Writer.TryWrite(task))
            {
                throw new InvalidOperationException("The run was over while tasks were submitted.");
            }
        }
    }

    private void Leave(RemoteTask task)
    {
        _inFlight.TryRemove(task, out _);
        _room.Release();
        CompleteIfDone();
    }

    private void CompleteIfDone()
    {
        if (_isRead && _inFlight.IsEmpty)
        {
            _ends.Writer.TryComplete();
        }
    }
}
