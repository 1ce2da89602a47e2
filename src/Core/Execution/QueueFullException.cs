namespace Executor.Execution;

/// <summary>More tasks wait than may.</summary>
/// <param name="waiting">How many wait.</param>
/// <param name="maximum">How many may.</param>
/// <param name="retryAfter">When it is worth trying again.</param>
public sealed class QueueFullException(long waiting, long maximum, TimeSpan retryAfter)
    : Exception($"{waiting} tasks wait already, and at most {maximum} may (server.max_queue); try again later")
{
    /// <summary>How many wait.</summary>
    public long Waiting { get; } = waiting;

    /// <summary>How many may.</summary>
    public long Maximum { get; } = maximum;

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
