using System.Text.Json;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Jobs;

/// <summary>Long operations that are not user code, with progress, a log and cancel.</summary>
public interface IJobService
{
    /// <summary>
    /// Begins a job, or joins one of the same type and params that has not ended: what is asked for twice at once is done once.
    /// </summary>
    /// <param name="type">What to do (<c>docker_image.download</c>).</param>
    /// <param name="parameters">An object; null: none.</param>
    /// <param name="cancellationToken">Stops waiting; the job goes on.</param>
    /// <returns>The job as it is now.</returns>
    /// <exception cref="InvalidInputException">There is no such type, or its params are not valid.</exception>
    Task<JobRecord> StartAsync(string type, JsonElement? parameters, CancellationToken cancellationToken);

    /// <summary>A job as it is now; null: there is none of that id.</summary>
    Task<JobRecord?> GetAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>A job's log; null: there is no such job.</summary>
    Task<string?> GetLogAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>The newest jobs, newest first.</summary>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<JobRecord>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Waits for a job's end.</summary>
    /// <returns>The job; null: it did not end within the timeout, or there is none of that id.</returns>
    Task<JobRecord?> WaitAsync(string jobId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Asks for a job's end.</summary>
    Task<CancelOutcome> CancelAsync(string jobId, CancellationToken cancellationToken);
}
