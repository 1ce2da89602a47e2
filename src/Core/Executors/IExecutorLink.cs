namespace Executor.Executors;

/// <summary>
/// The way from the server to an executor: in this process, or over a connection. Calls return at once, don't throw, and may come from any
/// thread; a link that broke drops what it is told, for the executor's lease tells.
/// </summary>
public interface IExecutorLink
{
    /// <summary>Says where to the executor speaks. The first call. Nothing may be said there before <see cref="RegisteredMessage"/> has been taken.</summary>
    void Attach(IExecutorConnection connection);

    /// <summary>Says something to the executor. <see cref="RegisteredMessage"/> comes first.</summary>
    void Send(ServerMessage message);
}
