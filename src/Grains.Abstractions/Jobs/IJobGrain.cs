using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Jobs;

/// <summary>Runs the jobs of a queue, on one silo. Key: <see cref="GrainKeys.Jobs"/>.</summary>
[Alias("executor.jobs")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="IJobService.StartAsync"/>.</summary>
    /// <param name="type">What to do.</param>
    /// <param name="parameters">An object, as JSON; null: none.</param>
    [Alias("start")]
    Task<JobRecord> StartAsync(string type, string? parameters);

    /// <summary>See <see cref="IJobService.GetAsync"/>.</summary>
    [Alias("get")]
    Task<JobRecord?> GetAsync(string jobId);

    /// <summary>See <see cref="IJobService.GetLogAsync"/>.</summary>
    [Alias("log")]
    Task<string?> GetLogAsync(string jobId);

    /// <summary>See <see cref="IJobService.ListAsync"/>.</summary>
    [Alias("list")]
    Task<JobRecord[]> ListAsync(int limit);

    /// <summary>Waits for a job's end, for up to half a second.</summary>
    /// <returns>The job; null: it has not ended, or there is none of that id.</returns>
    [Alias("wait")]
    Task<JobRecord?> WaitAsync(string jobId);

    /// <summary>See <see cref="IJobService.CancelAsync"/>.</summary>
    [Alias("cancel")]
    Task<CancelOutcome> CancelAsync(string jobId);
}
