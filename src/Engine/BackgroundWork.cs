using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>Work that nobody awaits: tracked, its failures logged, awaited at the end.</summary>
internal sealed class BackgroundWork(ILogger log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _running = [];

    /// <summary>Takes on work that has begun. It ends by itself when the engine stops.</summary>
    public void Track(Task work)
    {
        if (!work.IsCompletedSuccessfully)
        {
            Task watched = WatchAsync(work);
            _running.TryAdd(watched, true);
            // It may have ended before it was noted.
            watched.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
        }
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_running.Keys);

    private async Task WatchAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // The engine stops; what was left undone is found in the store by the next start.
        }
        // Nobody awaits this work, so this is the only place that can tell.
        catch (Exception failed)
        {
            log.BackgroundWorkFailed(failed);
        }
    }
}
