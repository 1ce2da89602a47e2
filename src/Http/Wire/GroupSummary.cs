using Executor.Execution;

namespace Executor.Http.Wire;

/// <summary>How the tasks of one runtime or one executor ended, since the start.</summary>
/// <param name="Completed">Those that ended COMPLETED.</param>
/// <param name="Failed">Those that ended FAILED.</param>
/// <param name="Cancelled">Those that ended CANCELLED.</param>
/// <param name="AverageSec">How long they ran on average, in seconds; null: none ran.</param>
public sealed record GroupSummary(long Completed, long Failed, long Cancelled, double? AverageSec)
{
    /// <summary>What the service measured.</summary>
    public static GroupSummary Of(GroupMetrics metrics) => new(metrics.Completed, metrics.Failed, metrics.Cancelled, metrics.AverageTime?.TotalSeconds);

    /// <summary>The same as the service tells it.</summary>
    /// <exception cref="OverflowException">The time is longer than one can be.</exception>
    public GroupMetrics ToMetrics() => new(Completed, Failed, Cancelled, AverageSec is double seconds ? TimeSpan.FromSeconds(seconds) : null);
}
