using Executor.Execution;

namespace Executor.Api.Wire;

/// <summary>What waits, runs and has ended, and how fast. Counts are since the start; rates and times are of the last minutes.</summary>
public sealed record ServiceMetrics
{
    /// <summary>Tasks taken.</summary>
    public long Submitted { get; init; }

    /// <summary>Tasks that ended COMPLETED.</summary>
    public long Completed { get; init; }

    /// <summary>Tasks that ended FAILED.</summary>
    public long Failed { get; init; }

    /// <summary>Tasks that ended CANCELLED.</summary>
    public long Cancelled { get; init; }

    /// <summary>Attempts that were repeated: retries and losses.</summary>
    public long Repeated { get; init; }

    /// <summary>Results that the cache gave.</summary>
    public long CacheHits { get; init; }

    /// <summary>Tasks that wait for an executor or a parent.</summary>
    public long QueueDepth { get; init; }

    /// <summary>Tasks that executors hold.</summary>
    public long Running { get; init; }

    /// <summary>Executors that take tasks.</summary>
    public int Executors { get; init; }

    /// <summary>Tasks at once that the executors could hold together.</summary>
    public long Slots { get; init; }

    /// <summary>The fraction of those slots that is taken. Range 0 to 1.</summary>
    public double Utilization { get; init; }

    /// <summary>The fraction of ended tasks that COMPLETED; null: none has ended.</summary>
    public double? SuccessRate { get; init; }

    /// <summary>Ended tasks per second.</summary>
    public double Throughput { get; init; }

    /// <summary>How long runs took, from start to end; null: none has ended.</summary>
    public DurationSummary? ExecutionTime { get; init; }

    /// <summary>How long tasks waited, from submit to start; null: none has started.</summary>
    public DurationSummary? QueueTime { get; init; }

    /// <summary>CPU cores in use by the server and, where that can be told, its descendants; null: it can't be told.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Memory of the server's process, in MiB.</summary>
    public double MemoryMb { get; init; }

    /// <summary>What the service measured.</summary>
    public static ServiceMetrics Of(ExecutionMetrics metrics) => new()
    {
        Submitted = metrics.Submitted,
        Completed = metrics.Completed,
        Failed = metrics.Failed,
        Cancelled = metrics.Cancelled,
        Repeated = metrics.Repeated,
        CacheHits = metrics.CacheHits,
        QueueDepth = metrics.QueueDepth,
        Running = metrics.Running,
        Executors = metrics.Executors,
        Slots = metrics.Slots,
        Utilization = metrics.Utilization,
        SuccessRate = metrics.SuccessRate,
        Throughput = metrics.Throughput,
        ExecutionTime = DurationSummary.Of(metrics.ExecutionTime),
        QueueTime = DurationSummary.Of(metrics.QueueTime),
        CpuCores = metrics.CpuCores,
        MemoryMb = metrics.MemoryMb,
    };
}

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
}
