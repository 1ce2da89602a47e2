using Executor.Clocks;
using Executor.Engine.Stores;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>
/// Removes ended tasks that are not to be kept any longer: at the start, then every ten minutes. What is removed cannot be had back, so it is not removed by its age
/// while the clock may be wrong; by their number tasks are removed all the same.
/// </summary>
internal sealed class RetentionSweep(ITaskStore store, RetentionOptions retention, StoreRetries retries, SteadyTime time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>How far the system's clock may be off.</summary>
    private static readonly TimeSpan MaxDifference = TimeSpan.FromMinutes(1);

    /// <summary>How old the newest stored time may be at the start. Nobody can tell afterwards whether that time has passed or the clock was set.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(1);

    /// <summary>How long somebody then has to look.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromHours(1);

    private bool _isPaused;

    /// <summary>Ends when the engine stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        DateTimeOffset heldUntil = await HoldAsync(stopping);
        using PeriodicTimer timer = new(Period, time);
        do
        {
            RetentionOptions now = IsClockOff() || time.GetUtcNow() < heldUntil ? retention with { MaxAge = null } : retention;
            long removed = await retries.RepeatAsync(() => store.ApplyRetentionAsync(now, stopping));
            if (removed > 0)
            {
                log.RetentionApplied(removed);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    /// <summary>When the first task may be removed by its age.</summary>
    private async Task<DateTimeOffset> HoldAsync(CancellationToken stopping)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (retention.MaxAge is TimeSpan age
            && await retries.RepeatAsync(() => store.FindNewestTimeAsync(stopping)) is DateTimeOffset newest
            && now - newest > LongestPause
            && await retries.RepeatAsync(() => store.CountEndedAsync(now - age, stopping)) is > 0 and long count)
        {
            log.RetentionHeld(newest, now, count, now + Hold);
            return now + Hold;
        }

        return now;
    }

    private bool IsClockOff()
    {
        TimeSpan difference = time.Difference;
        bool isOff = difference.Duration() > MaxDifference;
        if (isOff && !_isPaused && retention.MaxAge is not null)
        {
            log.RetentionPaused(difference);
        }

        return _isPaused = isOff;
    }
}
