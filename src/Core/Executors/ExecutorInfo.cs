namespace Executor.Executors;

/// <summary>A registered executor as clients see it.</summary>
public sealed record ExecutorInfo
{
    /// <summary>What it said when it registered.</summary>
    public required ExecutorRegistration Registration { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required ExecutorStatus Status { get; init; }

    /// <summary>Until when it is given nothing, then one task to see; null: it is in no quarantine.</summary>
    public DateTimeOffset? QuarantinedUntil { get; init; }

    /// <summary>How its own machinery failed a task last, type and message; null: it did well since.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Tasks it holds.</summary>
    public required int Running { get; init; }

    /// <summary>The fraction taken of the resource that is taken most: 0 idle, 1 full.</summary>
    public required double Load { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }
}

/// <summary>Where an executor is in its life.</summary>
public enum ExecutorStatus
{
    /// <summary>It takes tasks.</summary>
    Online,

    /// <summary>It finishes what it runs and takes nothing more.</summary>
    Draining,

    /// <summary>Its own machinery has failed one task after the other. It is given nothing for a while, then one task to see.</summary>
    Quarantined,

    /// <summary>Its connection broke; it may come back until its lease runs out.</summary>
    Disconnected,
}
