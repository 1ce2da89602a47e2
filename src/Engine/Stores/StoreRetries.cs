using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine.Stores;

/// <summary>Repeats calls to the store until they succeed: nothing that ended may be lost to a database that is away.</summary>
/// <remarks>No policy of Polly: that gives up before the first try once it is told to stop, and a result that is there then has to be written.</remarks>
/// <param name="time">The clock.</param>
/// <param name="log">Told of each failure.</param>
/// <param name="stopping">Ends the waiting.</param>
internal sealed class StoreRetries(TimeProvider time, ILogger log, CancellationToken stopping)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>Ends with the call's answer.</summary>
    /// <exception cref="OperationCanceledException">The engine stops.</exception>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        for (TimeSpan wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            try
            {
                return await call();
            }
            catch (StorageException failed)
            {
                log.StoreFailed(wait, failed.Message);
            }

            await Task.Delay(wait, time, stopping);
        }
    }
}
