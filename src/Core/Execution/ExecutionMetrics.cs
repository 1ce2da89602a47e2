namespace Executor.Execution;

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

    /// <summary>Ended tasks per second, over the last minute; over the time there was, but at least a second, when that is less.</summary>
    public double Throughput { get; init; }

    /// <summary>How long runs took, from start to end, in the last five minutes; null: none has ended.</summary>
    public DurationStatistics? ExecutionTime { get; init; }

    /// <summary>How long tasks waited, from submit to start, in the last five minutes; null: none has started.</summary>
    public DurationStatistics? QueueTime { get; init; }

    /// <summary>CPU cores in use by this process and, on Linux, its descendants: the mean since it was last asked for, of a second or more.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Memory of this process, in MiB.</summary>
    public double MemoryMb { get; init; }

    /// <summary>Resident memory of its descendants, in MiB, where what they share is counted for each of them; null: it can't be told here.</summary>
    public double? DescendantsMemoryMb { get; init; }

    /// <summary>Results posted to <c>callback_url</c>; null: none are, here.</summary>
    public CallbackMetrics? Callbacks { get; init; }

    /// <summary>How tasks ended by the runtime that ran them.</summary>
    public IReadOnlyDictionary<string, GroupMetrics> ByRuntime { get; init; } = new Dictionary<string, GroupMetrics>();

    /// <summary>How tasks ended by the executor that ran them.</summary>
    public IReadOnlyDictionary<string, GroupMetrics> ByExecutor { get; init; } = new Dictionary<string, GroupMetrics>();
}

/// <summary>A summary of durations. The percentiles are within 2 %, the rest is exact.</summary>
/// <param name="Average">The mean.</param>
/// <param name="P50">Half were not longer.</param>
/// <param name="P95">19 of 20 were not longer.</param>
/// <param name="P99">99 of 100 were not longer.</param>
/// <param name="Max">The longest.</param>
public sealed record DurationStatistics(TimeSpan Average, TimeSpan P50, TimeSpan P95, TimeSpan P99, TimeSpan Max);
