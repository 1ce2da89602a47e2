using Executor.Execution;

namespace Executor.Http.Wire;

/// <summary>A summary of durations, in seconds.</summary>
/// <param name="AverageSec">The mean.</param>
/// <param name="P50Sec">Half were shorter.</param>
/// <param name="P95Sec">19 of 20 were shorter.</param>
/// <param name="P99Sec">99 of 100 were shorter.</param>
/// <param name="MaxSec">The longest.</param>
public sealed record DurationSummary(double AverageSec, double P50Sec, double P95Sec, double P99Sec, double MaxSec)
{
    /// <summary>The same durations as the service tells them.</summary>
    public static DurationSummary? Of(DurationStatistics? times) => times is null ? null : new(
        times.Average.TotalSeconds, times.P50.TotalSeconds, times.P95.TotalSeconds, times.P99.TotalSeconds, times.Max.TotalSeconds);

    /// <summary>The same durations as the service tells them.</summary>
    /// <exception cref="OverflowException">One is longer than a time can be.</exception>
    public DurationStatistics ToStatistics() => new(
        TimeSpan.FromSeconds(AverageSec), TimeSpan.FromSeconds(P50Sec), TimeSpan.FromSeconds(P95Sec), TimeSpan.FromSeconds(P99Sec), TimeSpan.FromSeconds(MaxSec));
}
