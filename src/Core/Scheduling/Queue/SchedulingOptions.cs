namespace Executor.Scheduling;

/// <summary>What keeps tasks from waiting for ever; <c>docs/scheduling.md</c> has the rules.</summary>
public sealed record SchedulingOptions
{
    // No two times of submit are so far apart, so that a priority is never made up for.
    private const long Forever = long.MaxValue;

    /// <summary>A waiting task counts as one priority higher for each of these that it has waited. 0: never. Range 0 and up. Default 10 minutes.</summary>
    public TimeSpan PriorityAging { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How often a task may be set back by later ones before an executor is reserved for it. 0: never, strictly in order. Range 0
    /// and up. Default 16.
    /// </summary>
    public int MaxPasses { get; init; } = 16;

    /// <summary>
    /// How long a task may be set back by later ones before an executor is reserved for it, and again before a further one is.
    /// Range 0 and up. Default 30 s.
    /// </summary>
    public TimeSpan MaxPassTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How much older a task must be to come before one of priority 0 that is this task's in all else, in ticks: both grow older at the same pace, so
    /// who of two waiting tasks comes first never changes.
    /// </summary>
    internal Int128 LeadOf(int priority) => (Int128)priority * (PriorityAging == TimeSpan.Zero ? Forever : PriorityAging.Ticks);
}
