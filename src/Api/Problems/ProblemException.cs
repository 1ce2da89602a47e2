using Executor.Http.Wire;

namespace Executor.Api.Problems;

/// <summary>Ends a request with a problem document.</summary>
internal sealed class ProblemException(Problem problem, TimeSpan? retryAfter = null) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    /// <summary>When it is worth trying again; null: not without a change.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
