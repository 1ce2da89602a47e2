using Executor.Http.Wire;

namespace Executor.Http;

/// <summary>What went wrong between us and the server, or there, that the service's contract has no word for.</summary>
/// <param name="kind">What kind of reason.</param>
/// <param name="message">One sentence for a person, with the server's address.</param>
/// <param name="problem">What the server answered; null: nothing of ours.</param>
/// <param name="inner">What led to it.</param>
public sealed class HttpServiceException(HttpFaultKind kind, string message, Problem? problem = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of reason.</summary>
    public HttpFaultKind Kind { get; } = kind;

    /// <summary>What the server answered; null: nothing of ours.</summary>
    public Problem? Problem { get; } = problem;
}
