namespace Executor.Scheduling;

/// <summary>When a large task that keeps being passed over gets an executor kept free for it; <c>docs/scheduling.md</c> has the rule.</summary>
public sealed record SchedulingOptions
{
    /// <summary>
    /// Tasks that an executor may be given ahead of an earlier one it could hold but has no room for. 0: none, strictly in order.
    /// Range 0 and up. Default 16.
    /// </summary>
    public int MaxPasses { get; init; } = 16;

    /// <summary>How long an executor may give tasks precedence over such an earlier one. Range 0 and up. Default 30 s.</summary>
    public TimeSpan MaxPassTime { get; init; } = TimeSpan.FromSeconds(30);
}
