namespace Executor.Monitoring;

/// <summary>What is true of the host at this moment; the rest of <see cref="ExecutionMetrics"/> is counted.</summary>
public readonly record struct LiveCounts
{
    /// <summary>Tasks that wait for an executor or a parent.</summary>
    public long QueueDepth { get; init; }

    /// <summary>Tasks that executors hold.</summary>
    public long Running { get; init; }

    /// <summary>Executors that take tasks.</summary>
    public int Executors { get; init; }

    /// <summary>Tasks at once that those could hold together.</summary>
    public long Slots { get; init; }

    /// <summary>The fraction of the slots that is taken. Range 0 to 1; 0 when there are none.</summary>
    public double Utilization => Slots > 0 ? double.Clamp((double)Running / Slots, 0, 1) : 0;
}
