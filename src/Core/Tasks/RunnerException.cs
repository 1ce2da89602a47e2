namespace Executor.Tasks;

/// <summary>Our own machinery failed: no sandbox, no toolchain, a lost agent. Never thrown for what the user's code did.</summary>
public sealed class RunnerException(string errorType, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The <see cref="TaskError.Type"/> that tells it: starts with <c>infrastructure.</c>.</summary>
    public string ErrorType { get; } = errorType;
}
