namespace Executor.Cli.Batch;

/// <summary>Counts the tasks of a batch that have not ended, and what they bring, so that the file may be larger than memory. One waits for room; thread-safe.</summary>
internal sealed class BatchRoom(BatchPlace place)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _hasRoom;
    private int _tasks;
    private long _size;

    /// <summary>Waits until there is room for as many tasks as are submitted together.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (HasRoom)
            {
                return Task.CompletedTask;
            }

            _hasRoom = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _hasRoom.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A task is on its way.</summary>
    public void Take(BatchItem item)
    {
        lock (_lock)
        {
            _tasks++;
            _size += item.Size;
        }
    }

    /// <summary>It has ended.</summary>
    public void Return(BatchItem item)
    {
        lock (_lock)
        {
            _tasks--;
            _size -= item.Size;
            if (HasRoom)
            {
                _hasRoom?.TrySetResult();
            }
        }
    }

    private bool HasRoom => _tasks <= place.MaxTasks - place.ChunkTasks && _size <= place.MaxSize - place.ChunkSize;
}
