namespace Executor.Storage;

/// <summary>A task that goes back to PENDING with the next attempt: a retry, or its executor was lost.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">The attempt that ended or was lost; the next one is one higher.</param>
public sealed record TaskRequeue(string TaskId, int Attempt)
{
    /// <summary>When the next attempt may start, kept to the millisecond; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Ended attempts that count against the task's own retry policy, this one included.</summary>
    public int Failures { get; init; }

    /// <summary>Infrastructure failures repeated without being asked, this one included.</summary>
    public int InfrastructureRetries { get; init; }

    /// <summary>Losses repeated without being asked, this one included.</summary>
    public int LossRetries { get; init; }
}
