using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine.Callbacks;

/// <summary>The store as callbacks use it: asked again until it answers.</summary>
internal sealed class CallbackStore(ITaskStore store, TimeProvider time, ILogger log, CancellationToken stopping)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public async Task<T> AskAsync<T>(Func<ITaskStore, CancellationToken, Task<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask(store, stopping);
            }
            catch (StorageException failed)
            {
                log.StoreFailed(failed.Message);
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>Keeps what came of a callback.</summary>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public Task SettleAsync(CallbackOutcome outcome) => AskAsync(async (store, stop) =>
    {
        await store.SettleCallbackAsync(outcome, stop);
        return true;
    });
}
