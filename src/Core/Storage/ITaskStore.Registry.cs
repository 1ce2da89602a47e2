namespace Executor.Storage;

public partial interface ITaskStore
{
    /// <summary>Keeps an executor, in place of what was kept of it before.</summary>
    Task SaveExecutorAsync(ExecutorRecord executor, CancellationToken cancellationToken);

    /// <summary>Forgets an executor.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveExecutorAsync(string executorId, CancellationToken cancellationToken);

    /// <summary>Every executor, by id in ordinal order.</summary>
    Task<IReadOnlyList<ExecutorRecord>> ListExecutorsAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a job, in place of what was kept of it before; its log stays.</summary>
    Task SaveJobAsync(JobRecord job, CancellationToken cancellationToken);

    /// <summary>Appends to a job's log, up to the store's limit for outputs; from there on a mark says that there was more.</summary>
    /// <returns>Whether there is such a job.</returns>
    Task<bool> AppendJobLogAsync(string jobId, string text, CancellationToken cancellationToken);

    /// <summary>A job; null: there is none of that id.</summary>
    Task<JobRecord?> GetJobAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>A job's log; null: there is no such job.</summary>
    Task<string?> GetJobLogAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>The newest jobs, newest first.</summary>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<JobRecord>> ListJobsAsync(int limit, CancellationToken cancellationToken);
}
