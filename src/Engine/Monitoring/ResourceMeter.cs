namespace Executor.Engine.Monitoring;

/// <summary>Turns what was used so far into what is used now. Reading costs milliseconds, so it is done at most once a second.</summary>
/// <param name="time">The clock.</param>
/// <param name="read">Tells what is used.</param>
internal sealed class ResourceMeter(TimeProvider time, Func<ResourceUsage> read)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ResourceUsage _last = read();
    private long _readAt = time.GetTimestamp();
    private double _cores;

    /// <summary>The memory as it is, and CPU cores in use: the mean since it was last read.</summary>
    public (ResourceUsage Usage, double CpuCores) Measure()
    {
        lock (_lock)
        {
            TimeSpan passed = time.GetElapsedTime(_readAt);
            if (passed >= Shortest)
            {
                ResourceUsage now = read();
                _cores = double.Max((now.CpuTime - _last.CpuTime) / passed, 0);
                _last = now;
                _readAt = time.GetTimestamp();
            }

            return (_last, _cores);
        }
    }
}
