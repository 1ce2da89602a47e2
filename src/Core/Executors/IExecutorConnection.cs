namespace Executor.Executors;

/// <summary>The way from a registered executor to the server: in this process, or over a connection. Safe to call from many threads.</summary>
public interface IExecutorConnection
{
    /// <summary>
    /// Says something. What the server answers comes by the executor's <see cref="IExecutorLink"/>. Ends when there is room for more output,
    /// which slows a program down, and for a result when it is stored or refused for good and the link has been told which.
    /// </summary>
    /// <param name="message">Anything but <see cref="RegisterMessage"/>. Its output is only read during the call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task SendAsync(ExecutorMessage message, CancellationToken cancellationToken);
}
