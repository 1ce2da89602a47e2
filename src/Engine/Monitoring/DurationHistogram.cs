namespace Executor.Engine.Monitoring;

/// <summary>How many durations there were of each size. Any thread may add.</summary>
internal sealed class DurationHistogram
{
    private readonly int[] _buckets = new int[LogBuckets.Count];
    private long _count;
    private long _ticks;
    private long _max;

    public long Count => Volatile.Read(ref _count);

    public long Ticks => Volatile.Read(ref _ticks);

    public long Max => Volatile.Read(ref _max);

    /// <summary>Adds a duration; one below 0 (a clock that was set back) counts as 0.</summary>
    public void Add(TimeSpan duration)
    {
        long ticks = long.Max(duration.Ticks, 0);
        Interlocked.Increment(ref _buckets[LogBuckets.IndexOf(ticks)]);
        Interlocked.Add(ref _ticks, ticks);
        Interlocked.Increment(ref _count);
        long max = Volatile.Read(ref _max);
        while (ticks > max)
        {
            long found = Interlocked.CompareExchange(ref _max, ticks, max);
            if (found == max)
            {
                return;
            }

            max = found;
        }
    }

    /// <summary>Adds what is counted here to totals by bucket.</summary>
    public void AddTo(Span<long> totals)
    {
        for (int i = 0; i < totals.Length; i++)
        {
            totals[i] += Volatile.Read(ref _buckets[i]);
        }
    }
}
