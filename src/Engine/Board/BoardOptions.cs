namespace Executor.Engine.Board;

/// <summary>The limits that a <see cref="TaskBoard"/> keeps. The engine's options tell their ranges and defaults.</summary>
internal sealed record BoardOptions
{
    /// <summary>Most tasks waiting at once.</summary>
    public int MaxWaiting { get; init; } = 1_000_000;

    /// <summary>Bytes of specs of waiting tasks that are kept in memory.</summary>
    public long MaxSpecBytes { get; init; } = 64L << 20;

    /// <summary>Results on their way into the store beyond which a slot is freed only when its result is stored.</summary>
    public int MaxUnstoredResults { get; init; } = 2_000;

    /// <summary>Bytes of results on their way into the store beyond which the same holds: some transactions' worth.</summary>
    public long MaxUnstoredBytes { get; init; } = 64L << 20;

    /// <summary>How long a cancelled task's executor has to report its end.</summary>
    public TimeSpan CancelGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a task waits to count as one priority higher. 0: for ever.</summary>
    public TimeSpan PriorityAging { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Failures of its own machinery, one after the other, after which an executor is put in quarantine. 0: never.</summary>
    public int QuarantineAfter { get; init; } = 3;

    /// <summary>How long after a restart nothing is given out, so that executors can come back with what they run. 0: no time.</summary>
    public TimeSpan RecoveryWindow { get; init; }
}
