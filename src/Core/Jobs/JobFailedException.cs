using Executor.Tasks;

namespace Executor.Jobs;

/// <summary>A job can't be done.</summary>
/// <param name="type">The <see cref="TaskError.Type"/> that tells it.</param>
/// <param name="message">What was wrong and what to do, in one sentence.</param>
/// <param name="inner">What led to it.</param>
public sealed class JobFailedException(string type, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What was wrong.</summary>
    public TaskError Error { get; } = new() { Type = type, Message = message };
}
