using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>
/// When an attempt that did not succeed is followed by another one: the task's own <see cref="RetryPolicy"/> and what is granted
/// without being asked.
/// </summary>
public sealed record RetryRules
{
    /// <summary>What the task asks. Default: one attempt.</summary>
    public RetryPolicy Policy { get; init; } = new();

    /// <summary>
    /// Infrastructure failures repeated without being asked; those over it count as the task's own failures. Range 0 and up.
    /// Default 3.
    /// </summary>
    public int MaxInfrastructureRetries { get; init; } = 3;

    /// <summary>
    /// Losses (lease ran out, executor gone) repeated without being asked; those over it count as the task's own failures. 0 for
    /// work that must not run twice unless the task asks. Range 0 and up. Default 10.
    /// </summary>
    public int MaxLossRetries { get; init; } = 10;

    /// <summary>Wait after the first infrastructure failure; doubled after each further one. Default 1 s.</summary>
    public TimeSpan InfrastructureBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before an attempt, before jitter is added. Default 5 minutes.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What holds for tasks that bring no policy.</summary>
    public static RetryRules Default { get; } = new();

    /// <summary>The defaults with a task's own policy, if it brings one.</summary>
    public static RetryRules For(RetryPolicy? policy) => policy is null ? Default : new RetryRules { Policy = policy };

    /// <summary>
    /// The wait after the <paramref name="failures"/>th failure: <paramref name="first"/>, doubled each time, at most
    /// <see cref="MaxBackoff"/>, and up to a quarter more so that tasks that failed together don't come back together.
    /// </summary>
    /// <param name="first">The wait after the first failure.</param>
    /// <param name="failures">How many there were, from 1.</param>
    /// <param name="jitter">A random number, from 0 to 1.</param>
    public TimeSpan Backoff(TimeSpan first, int failures, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(jitter, 1);
        double seconds = double.Min(first.TotalSeconds * double.Pow(2, failures - 1), MaxBackoff.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 + (0.25 * jitter)));
    }
}
