using Executor.Tasks;

namespace Executor.Scheduling;

/// <summary>How an attempt ended, as far as what happens next depends on it.</summary>
public enum AttemptOutcome
{
    /// <summary>It succeeded.</summary>
    Completed,

    /// <summary>The user's code failed or reached a limit: repeated only as the task's <see cref="RetryPolicy"/> asks.</summary>
    Failed,

    /// <summary>Our own machinery failed: repeated without being asked, up to <see cref="RetryRules.MaxInfrastructureRetries"/>.</summary>
    InfrastructureFailed,

    /// <summary>The executor stopped it because it was told to.</summary>
    Cancelled,
}

/// <summary>Reads an <see cref="AttemptOutcome"/> out of a result.</summary>
public static class AttemptOutcomes
{
    /// <summary>The outcome that a result tells.</summary>
    /// <exception cref="ArgumentException">The result is not final.</exception>
    public static AttemptOutcome Outcome(this TaskResult result) => result.Status switch
    {
        ExecutionStatus.Completed => AttemptOutcome.Completed,
        ExecutionStatus.Cancelled => AttemptOutcome.Cancelled,
        ExecutionStatus.Failed when result.IsInfrastructureFailure => AttemptOutcome.InfrastructureFailed,
        ExecutionStatus.Failed => AttemptOutcome.Failed,
        _ => throw new ArgumentException(
            $"A reported result must be COMPLETED, FAILED or CANCELLED; this one is {result.Status}.", nameof(result)),
    };
}
