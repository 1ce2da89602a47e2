using Executor.Execution;

namespace Executor.Engine.Monitoring;

/// <summary>The durations of the last five minutes, in memory that doesn't grow with their number.</summary>
/// <param name="frequency">How many units of time a second has.</param>
internal sealed class DurationWindow(long frequency)
{
    private const int SlotSeconds = 10;
    private const int SlotCount = 30;

    private readonly RotatingSlots<DurationHistogram> _slots = new(frequency * SlotSeconds, SlotCount);

    /// <summary>Adds a duration that became known at a time.</summary>
    public void Add(long elapsed, TimeSpan duration) => _slots.At(elapsed)?.Add(duration);

    /// <summary>A summary, whose percentiles are within 1.6 %; null: there was none in the window.</summary>
    public DurationStatistics? Summarize(long elapsed)
    {
        long[] totals = new long[LogBuckets.Count];
        double ticks = 0;
        long added = 0;
        long max = 0;
        foreach (DurationHistogram slot in _slots.Read(elapsed))
        {
            slot.AddTo(totals);
            ticks += slot.Ticks;
            added += slot.Count;
            max = long.Max(max, slot.Max);
        }

        // Of one that is being added at this moment only a part may be seen: ranks are of what the buckets hold.
        long count = totals.Sum();
        return count == 0 || added == 0
            ? null
            : new DurationStatistics(
                TimeSpan.FromTicks((long)double.Min(ticks / added, max)),
                Percentile(totals, count, max, 0.50),
                Percentile(totals, count, max, 0.95),
                Percentile(totals, count, max, 0.99),
                TimeSpan.FromTicks(max));
    }

    /// <summary>The nearest rank: the smallest duration that at least the fraction is not over.</summary>
    private static TimeSpan Percentile(ReadOnlySpan<long> totals, long count, long max, double fraction)
    {
        long rank = long.Max((long)double.Ceiling(count * fraction), 1);
        int bucket = 0;
        for (long passed = totals[0]; passed < rank; passed += totals[bucket])
        {
            bucket++;
        }

        return TimeSpan.FromTicks(long.Min(LogBuckets.MiddleOf(bucket), max));
    }
}
