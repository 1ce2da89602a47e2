using Executor.Executors.Protocol;

namespace Executor.Hosting.Working;

/// <summary>How a connection to the server ended.</summary>
/// <param name="Reason">For a person.</param>
/// <param name="CloseCode">What the server closed it with; null: it broke, or never came to be.</param>
/// <param name="WasRegistered">Whether the worker was registered on it.</param>
/// <param name="IsFinal">Whether another try would end in the same way.</param>
internal sealed record DialogueEnd(string Reason, int? CloseCode = null, bool WasRegistered = false, bool IsFinal = false)
{
    /// <summary>The server's close as an end.</summary>
    public static DialogueEnd Closed(int code, string reason, bool wasRegistered) => new(
        reason,
        code,
        wasRegistered,
        code is ExecutorProtocol.InvalidClose or ExecutorProtocol.ReplacedClose or ExecutorProtocol.TooLargeClose);
}
