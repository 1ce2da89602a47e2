namespace Executor.Clocks;

/// <summary>
/// A time of day by which waits, leases and ages can go: it never jumps and never runs backwards, whatever is done to the system's clock. It follows that
/// clock by going at most a tenth faster or slower than time passes, so a clock that is set by an hour has it arrive ten hours later, and no wait is more than a
/// tenth too short or too long. While nobody sets the system's clock the two are the same. Timers and timestamps are the inner provider's. Safe to use from many threads;
/// a look at it takes about a tenth of a microsecond.
/// </summary>
public sealed class SteadyTime : TimeProvider
{
    /// <summary>It goes faster or slower by at most one part in so many.</summary>
    public const int Share = 10;

    private readonly Lock _lock = new();
    private readonly TimeProvider _inner;
    private readonly long _start;
    private long _elapsed;
    private DateTimeOffset _now;

    /// <summary>A time that is now that of another provider.</summary>
    /// <param name="inner">Its <see cref="TimeProvider.GetUtcNow"/> is the clock that may be set; its <see cref="TimeProvider.GetTimestamp"/> tells what has passed.</param>
    public SteadyTime(TimeProvider inner) => (_inner, _start, _now) = (inner, inner.GetTimestamp(), inner.GetUtcNow());

    /// <summary>The one of this process, over the system's clock. All who compare times with each other have to share one.</summary>
    public static new SteadyTime System { get; } = new(TimeProvider.System);

    /// <summary>How far the inner clock is ahead of this one; negative: behind.</summary>
    public TimeSpan Difference
    {
        get
        {
            lock (_lock)
            {
                DateTimeOffset wall = _inner.GetUtcNow();
                return wall - Advance(wall);
            }
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => _inner.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => _inner.LocalTimeZone;

    /// <summary>A steady time over a clock: the clock itself if it is one, the process's for the system's, else a new one.</summary>
    public static SteadyTime Over(TimeProvider clock) => clock as SteadyTime ?? (ReferenceEquals(clock, TimeProvider.System) ? System : new SteadyTime(clock));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return Advance(_inner.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => _inner.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _inner.CreateTimer(callback, state, dueTime, period);

    private DateTimeOffset Advance(DateTimeOffset wall)
    {
        // From the start each time, so that what is rounded off does not add up however often it is asked.
        long elapsed = long.Max(_inner.GetElapsedTime(_start).Ticks, _elapsed);
        long most = (elapsed / Share) - (_elapsed / Share);
        DateTimeOffset passed = _now.AddTicks(elapsed - _elapsed);
        _elapsed = elapsed;
        _now = passed.AddTicks(long.Clamp((wall - passed).Ticks, -most, most));
        return _now;
    }
}
