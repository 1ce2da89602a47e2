namespace Executor.Engine.Callbacks;

/// <summary>How many results are posted at once, with all their output in memory; hosts that fail can take only some of the places from the others.</summary>
internal sealed class CallbackSlots : IDisposable
{
    private const int Most = 32;
    private const int MostFailing = 8;

    private readonly SemaphoreSlim _all = new(Most);
    private readonly SemaphoreSlim _failing = new(MostFailing);

    /// <summary>Does something in one of the places.</summary>
    /// <param name="isFailing">Whether the host's last post failed.</param>
    /// <param name="work">What to do.</param>
    /// <param name="cancellationToken">Ends the waiting for a place.</param>
    public async Task<T> UseAsync<T>(bool isFailing, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (isFailing)
        {
            await _failing.WaitAsync(cancellationToken);
        }

        try
        {
            await _all.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                _all.Release();
            }
        }
        finally
        {
            if (isFailing)
            {
                _failing.Release();
            }
        }
    }

    public void Dispose()
    {
        _all.Dispose();
        _failing.Dispose();
    }
}
