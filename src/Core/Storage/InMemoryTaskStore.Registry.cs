namespace Executor.Storage;

public sealed partial class InMemoryTaskStore
{
    private readonly SortedDictionary<string, ExecutorRecord> _executors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (JobRecord Job, string Log)> _jobs = [];

    /// <inheritdoc/>
    public Task SaveExecutorAsync(ExecutorRecord executor, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _executors[executor.ExecutorId] = executor with { LastSeenAt = StoredTime.Truncate(executor.LastSeenAt) };
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> RemoveExecutorAsync(string executorId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_executors.Remove(executorId));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ExecutorRecord>> ListExecutorsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<ExecutorRecord>>([.. _executors.Values]);
        }
    }

    /// <inheritdoc/>
    public Task SaveJobAsync(JobRecord job, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            JobRecord kept = job with
            {
                CreatedAt = StoredTime.Truncate(job.CreatedAt),
                StartedAt = StoredTime.Truncate(job.StartedAt),
                EndedAt = StoredTime.Truncate(job.EndedAt),
            };
            _jobs[job.JobId] = (kept, _jobs.TryGetValue(job.JobId, out var known) ? known.Log : "");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> AppendJobLogAsync(string jobId, string text, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_jobs.TryGetValue(jobId, out var known))
            {
                return Task.FromResult(false);
            }

            _jobs[jobId] = (known.Job, known.Log + _outputLimit.CutAddition(known.Log.Length, text));
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public Task<JobRecord?> GetJobAsync(string jobId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<JobRecord?>(_jobs.TryGetValue(jobId, out var known) ? known.Job : null);
        }
    }

    /// <inheritdoc/>
    public Task<string?> GetJobLogAsync(string jobId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_jobs.TryGetValue(jobId, out var known) ? known.Log : null);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JobRecord>> ListJobsAsync(int limit, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<JobRecord>>(
            [
                .. _jobs.Values.Select(known => known.Job)
                    .OrderByDescending(job => job.CreatedAt)
                    .ThenByDescending(job => job.JobId, StringComparer.Ordinal)
                    .Take(limit),
            ]);
        }
    }
}
