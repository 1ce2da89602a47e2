namespace Executor.Executors;

/// <summary>The executors there are, for whoever looks after them. Safe to call from many threads.</summary>
/// <remarks>
/// All methods throw <see cref="Storage.StorageException"/> when the store fails and <see cref="Execution.ServiceStoppingException"/> once the service stops.
/// </remarks>
public interface IExecutorRegistry
{
    /// <summary>The registered executors, in the order in which they came.</summary>
    Task<IReadOnlyList<ExecutorInfo>> ListExecutorsAsync(CancellationToken cancellationToken);

    /// <summary>Gives an executor nothing more; what it runs goes on.</summary>
    /// <returns>Whether there is such an executor.</returns>
    Task<bool> DrainExecutorAsync(string executorId, CancellationToken cancellationToken);
}
