using Executor.Hosting;
using Executor.Http.Wire;

namespace Executor.Cli.Remote;

/// <summary>The server does not do what it was asked, and won't when it is asked again. The message has a line for each bad field.</summary>
/// <param name="problem">What it answered.</param>
/// <param name="message">The whole of what a person needs.</param>
internal sealed class ServerRefusedException(Problem problem, string message) : UsageException(message)
{
    public Problem Problem { get; } = problem;

    /// <summary>Whether what was asked for is not there.</summary>
    public bool IsNotFound => Problem.Status == 404;

    /// <summary>Whether it can't be done as things are: another task has the id, or it has ended already.</summary>
    public bool IsConflict => Problem.Status == 409;

    /// <summary>Whether less might be taken where this was too much.</summary>
    public bool IsTooLarge => Problem.Status == 413;
}
