using Executor.Engine.Stores;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>Removes ended tasks that are not to be kept any longer: at the start, then every ten minutes.</summary>
internal sealed class RetentionSweep(ITaskStore store, RetentionOptions retention, StoreRetries retries, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Ends when the engine stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            long removed = await retries.RepeatAsync(() => store.ApplyRetentionAsync(retention, stopping));
            if (removed > 0)
            {
                log.RetentionApplied(removed);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }
}
