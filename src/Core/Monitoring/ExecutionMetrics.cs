namespace Executor.Monitoring;

/// <summary>What waits, runs and has ended, and how fast. Counts are since the start; rates and times are of the last minutes.</summary>
public sealed record ExecutionMetrics
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
    public DurationStatistics? ExecutionTime { get; init; }

    /// <summary>How long tasks waited, from submit to start; null: none has started.</summary>
    public DurationStatistics? QueueTime { get; init; }

    /// <summary>CPU cores in use by this process and, where that can be told, its descendants; null: it can't be told.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Memory of this process, in MiB.</summary>
    public double MemoryMb { get; init; }
}

/// <summary>A summary of durations.</summary>
/// <param name="Average">The mean.</param>
/// <param name="P50">Half were shorter.</param>
/// <param name="P95">19 of 20 were shorter.</param>
/// <param name="P99">99 of 100 were shorter.</param>
/// <param name="Max">The longest.</param>
public sealed record DurationStatistics(TimeSpan Average, TimeSpan P50, TimeSpan P95, TimeSpan P99, TimeSpan Max);
