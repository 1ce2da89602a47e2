using System.Text.Json;
using Executor.Execution;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Parallel;

/// <summary>The jobs of a library: none.</summary>
internal sealed class NoJobs : IJobService
{
    public Task<JobRecord> StartAsync(string type, JsonElement? parameters, CancellationToken cancellationToken) =>
        throw new InvalidInputException([new ValidationFault("type", $"there is no job '{type}' here: a library has no jobs")]);

    public Task<JobRecord?> GetAsync(string jobId, CancellationToken cancellationToken) => Task.FromResult<JobRecord?>(null);

    public Task<string?> GetLogAsync(string jobId, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<IReadOnlyList<JobRecord>> ListAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<JobRecord>>([]);

    public Task<JobRecord?> WaitAsync(string jobId, TimeSpan timeout, CancellationToken cancellationToken) => Task.FromResult<JobRecord?>(null);

    public Task<CancelOutcome> CancelAsync(string jobId, CancellationToken cancellationToken) => Task.FromResult(CancelOutcome.NotFound);
}
