namespace Executor.Execution;

/// <summary>More tasks wait than may.</summary>
/// <param name="waiting">How many wait.</param>
/// <param name="maximum">How many may.</param>
/// <param name="retryAfter">When it is worth trying again.</param>
public sealed class QueueFullException(long waiting, long maximum, TimeSpan retryAfter)
    : Exception($"{waiting} tasks wait already, and at most {maximum} may (server.max_queue); try again later")
{
    /// <summary>When it is worth trying again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
