namespace Executor.Scheduling;

/// <summary>When an executor is reserved for a large task that keeps being passed over; <c>docs/scheduling.md</c> has the rule.</summary>
public sealed record SchedulingOptions
{
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
}
