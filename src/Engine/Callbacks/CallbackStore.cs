using Executor.Engine.Stores;
using Executor.Storage;

namespace Executor.Engine.Callbacks;

/// <summary>The store as callbacks use it: asked again until it answers.</summary>
/// <param name="store">The store.</param>
/// <param name="retries">Asks it again.</param>
/// <param name="stopping">Ends it.</param>
internal sealed class CallbackStore(ITaskStore store, StoreRetries retries, CancellationToken stopping)
{
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public Task<T> AskAsync<T>(Func<ITaskStore, CancellationToken, Task<T>> ask) => retries.RepeatAsync(() => ask(store, stopping));

    /// <summary>Keeps what came of a callback.</summary>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public Task SettleAsync(CallbackOutcome outcome) => AskAsync(async (store, stop) =>
    {
        await store.SettleCallbackAsync(outcome, stop);
        return true;
    });
}
