using Executor.Configuration.Batches;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Batch;

/// <summary>Reads the tasks of a batch, some at a time. Entries that are no task to be run are told to the ledger.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="place">Where the tasks will run.</param>
/// <param name="ledger">Keeps account.</param>
/// <param name="stop">Breaks off.</param>
internal sealed class BatchReader(BatchRequest request, BatchPlace place, BatchLedger ledger, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(200);

    private readonly BatchIds _ids = new();
    private readonly IAsyncEnumerator<TaskBatchEntry> _entries = request.ReadAsync(stop).GetAsyncEnumerator(stop);
    private Task<bool>? _next;
    private long _read;

    /// <summary>
    /// The next tasks; null at the end of the file. Those that a file has are not held back by what somebody still writes: then
    /// they are fewer, perhaps none.
    /// </summary>
    /// <exception cref="TaskBatchException">The file can't be read any further.</exception>
    public async Task<IReadOnlyList<BatchItem>?> ReadAsync()
    {
        _next ??= NextAsync();
        if (!await _next)
        {
            ledger.Progress.Total = _read;
            return null;
        }

        List<BatchItem> items = [];
        long size = 0;
        while (items.Count < place.ChunkTasks && size < place.ChunkSize)
        {
            if (items.Count > 0 && !_next.IsCompleted && await Task.WhenAny(_next, Task.Delay(Linger, stop)) != _next)
            {
                break;
            }

            if (!await _next)
            {
                break;
            }

            _read++;
            if (Accept(_entries.Current) is BatchItem item)
            {
                items.Add(item);
                size += item.Size;
            }

            _next = NextAsync();
        }

        return items;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // An enumerator must not be disposed while it moves.
        await (_next?.ContinueWith(static _ => { }, TaskScheduler.Default) ?? Task.CompletedTask);
        await _entries.DisposeAsync();
    }

    private Task<bool> NextAsync() => _entries.MoveNextAsync().AsTask();

    /// <summary>The task of an entry; null: there is none to run.</summary>
    private BatchItem? Accept(TaskBatchEntry entry)
    {
        string fileId = _ids.Of(entry);
        if (ledger.TrySkip(fileId))
        {
            return null;
        }

        if (!entry.Reading.IsValid)
        {
            ledger.Refuse(new InvalidEntry(entry.Line, fileId, entry.Reading.Faults));
            return null;
        }

        try
        {
            bool hasOwnId = entry.Reading.Task.TaskId is not null;
            TaskSpec task = BatchTask.WithFiles(BatchTask.WithDefaults(entry.Reading.Task, fileId, request), request.Folder);
            return new BatchItem(entry.Line, fileId, hasOwnId, place.ToService(task, fileId, hasOwnId));
        }
        catch (UsageException exception)
        {
            ledger.Refuse(new InvalidEntry(entry.Line, fileId, [new ValidationFault("", exception.Message)]));
            return null;
        }
    }
}
