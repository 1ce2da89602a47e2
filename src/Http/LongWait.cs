namespace Executor.Http;

/// <summary>Waits longer than one request may.</summary>
internal static class LongWait
{
    /// <summary>The longest wait that servers grant one request.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    // A server that is being stopped answers before the wait is over.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until there is something, nothing can come any more, or the time is over.</summary>
    /// <param name="ask">Asks the server to wait so long. Tells whether nothing can come, and what there is.</param>
    /// <param name="timeout">How long in all; any length.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<T?> UntilAsync<T>(Func<TimeSpan, Task<(bool IsOver, T? Found)>> ask, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
        where T : class
    {
        TimeSpan whole = timeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : timeout;
        long start = time.GetTimestamp();
        TimeSpan left = whole;
        while (true)
        {
            (bool isOver, T? found) = await ask(TimeSpan.FromTicks(long.Clamp(left.Ticks, 0, Longest.Ticks)));
            left = whole - time.GetElapsedTime(start);
            if (found is not null || isOver || left <= TimeSpan.Zero)
            {
                return found;
            }

            // Whole milliseconds, or the last one would be asked through again and again.
            TimeSpan pause = TimeSpan.FromMilliseconds(double.Ceiling((left < Pause ? left : Pause).TotalMilliseconds));
            await Task.Delay(pause, time, cancellationToken);
            left = whole - time.GetElapsedTime(start);
        }
    }
}
