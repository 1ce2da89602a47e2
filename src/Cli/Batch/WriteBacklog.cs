namespace Executor.Cli.Batch;

/// <summary>Counts results that are being written, so that nothing new is begun while they come faster than they can be written. Thread-safe.</summary>
/// <param name="most">How many may be in hand before others wait.</param>
internal sealed class WriteBacklog(int most)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _caughtUp;
    private int _count;

    /// <summary>A result is about to be written.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            if (++_count > most)
            {
                _caughtUp ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>It is written, or never will be.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_count <= most)
            {
                _caughtUp?.TrySetResult();
                _caughtUp = null;
            }
        }
    }

    /// <summary>Waits until no more than the most are in hand.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _caughtUp?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
        }
    }
}
