using Executor.Tasks;

namespace Executor.Executors;

/// <summary>Where executors register.</summary>
public interface IExecutorGateway
{
    /// <summary>
    /// Brings an executor in, or back with what it runs. An earlier connection of the same id is closed; what that one was given and
    /// this one does not name is lost, and runs again elsewhere.
    /// </summary>
    /// <param name="register">Who it is, and what it runs.</param>
    /// <param name="link">The way to it. It has been told <see cref="RegisteredMessage"/> when this ends.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidInputException">The registration is not valid; names every bad field.</exception>
    Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, CancellationToken cancellationToken);
}
