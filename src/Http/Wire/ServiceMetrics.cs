using Executor.Execution;

namespace Executor.Http.Wire;

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

    /// <summary>Resident memory of its descendants, in MiB, where what they share is counted for each of them; null: it can't be told.</summary>
    public double? DescendantsMemoryMb { get; init; }

    /// <summary>Results posted to <c>callback_url</c>; null: none are, here.</summary>
    public CallbackMetrics? Callbacks { get; init; }

    /// <summary>How tasks ended by the runtime that ran them.</summary>
    public IReadOnlyDictionary<string, GroupSummary>? ByRuntime { get; init; }

    /// <summary>How tasks ended by the executor that ran them.</summary>
    public IReadOnlyDictionary<string, GroupSummary>? ByExecutor { get; init; }

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
        DescendantsMemoryMb = metrics.DescendantsMemoryMb,
        Callbacks = metrics.Callbacks,
        ByRuntime = metrics.ByRuntime.ToDictionary(group => group.Key, group => GroupSummary.Of(group.Value)),
        ByExecutor = metrics.ByExecutor.ToDictionary(group => group.Key, group => GroupSummary.Of(group.Value)),
    };

    /// <summary>The same as the service tells it.</summary>
    /// <exception cref="OverflowException">A duration is longer than a time can be.</exception>
    public ExecutionMetrics ToMetrics() => new()
    {
        Submitted = Submitted,
        Completed = Completed,
        Failed = Failed,
        Cancelled = Cancelled,
        Repeated = Repeated,
        CacheHits = CacheHits,
        QueueDepth = QueueDepth,
        Running = Running,
        Executors = Executors,
        Slots = Slots,
        Utilization = Utilization,
        SuccessRate = SuccessRate,
        Throughput = Throughput,
        ExecutionTime = ExecutionTime?.ToStatistics(),
        QueueTime = QueueTime?.ToStatistics(),
        CpuCores = CpuCores,
        MemoryMb = MemoryMb,
        DescendantsMemoryMb = DescendantsMemoryMb,
        Callbacks = Callbacks,
        ByRuntime = ToGroups(ByRuntime),
        ByExecutor = ToGroups(ByExecutor),
    };

    private static Dictionary<string, GroupMetrics> ToGroups(IReadOnlyDictionary<string, GroupSummary>? groups) =>
        groups?.ToDictionary(group => group.Key, group => group.Value.ToMetrics()) ?? [];
}
