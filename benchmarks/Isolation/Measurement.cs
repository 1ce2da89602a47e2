using System.Diagnostics;

namespace Executor.Benchmarks.Isolation;

/// <summary>Latencies one at a time, and throughput several at once.</summary>
internal sealed class Measurement(Contender contender)
{
    private readonly List<double> _milliseconds = [];
    private readonly List<double> _perSecond = [];

    public string Name => contender.Name;

    public double P50 => Percentile(0.50);

    public double P99 => Percentile(0.99);

    /// <summary>The median round.</summary>
    public double PerSecond => _perSecond.Order().ElementAt(_perSecond.Count / 2);

    public async Task MeasureLatencyAsync(int runs)
    {
        for (int run = 0; run < runs; run++)
        {
            long started = Stopwatch.GetTimestamp();
            await contender.RunOnceAsync();
            _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    public async Task MeasureThroughputAsync(int runs, int parallel)
    {
        int left = runs;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await contender.RunOnceAsync();
            }
        }));
        _perSecond.Add(runs / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private double Percentile(double share)
    {
        double[] sorted = [.. _milliseconds.Order()];
        return sorted[int.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
