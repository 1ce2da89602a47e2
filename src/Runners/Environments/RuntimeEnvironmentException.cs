using Executor.Tasks;

namespace Executor.Runners.Environments;

/// <summary>A runtime environment can't be had: no such package, an index that can't be reached, no Python that makes environments.</summary>
/// <param name="errorType">See <see cref="ErrorType"/>.</param>
/// <param name="message">The cause and what to do, in one sentence.</param>
/// <param name="inner">What led to it.</param>
public sealed class RuntimeEnvironmentException(string errorType, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The <see cref="TaskError.Type"/>: <see cref="TaskErrorTypes.RuntimeEnv"/>, or one that starts with <c>infrastructure.</c> where this machine is at fault.</summary>
    public string ErrorType { get; } = errorType;
}
