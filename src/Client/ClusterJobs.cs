using System.Text.Json;
using Executor.Client.Connections;
using Executor.Grains;
using Executor.Grains.Jobs;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Client;

/// <summary>The cluster's jobs.</summary>
internal sealed class ClusterJobs(IGrainFactory grains, string queue, TimeProvider time) : IJobService
{
    private IJobGrain Jobs => grains.GetGrain<IJobGrain>(GrainKeys.Jobs(queue));

    /// <inheritdoc/>
    public Task<JobRecord> StartAsync(string type, JsonElement? parameters, CancellationToken cancellationToken)
    {
        string? given = parameters is JsonElement { ValueKind: not JsonValueKind.Undefined } element ? element.GetRawText() : null;
        return GrainCalls.RepeatAsync(() => Jobs.StartAsync(type, given), time, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<JobRecord?> GetAsync(string jobId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Jobs.GetAsync(jobId), time, cancellationToken);

    /// <inheritdoc/>
    public Task<string?> GetLogAsync(string jobId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Jobs.GetLogAsync(jobId), time, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobRecord>> ListAsync(int limit, CancellationToken cancellationToken) =>
        await GrainCalls.RepeatAsync(() => Jobs.ListAsync(limit), time, cancellationToken);

    /// <inheritdoc/>
    public async Task<JobRecord?> WaitAsync(string jobId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            JobRecord? ended = await GrainCalls.RepeatAsync(() => Jobs.WaitAsync(jobId), time, cancellationToken);
            if (ended is not null || time.GetElapsedTime(start) >= timeout || await GetAsync(jobId, cancellationToken) is null)
            {
                return ended;
            }
        }
    }

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string jobId, CancellationToken cancellationToken) =>
        GrainCalls.RepeatAsync(() => Jobs.CancelAsync(jobId), time, cancellationToken);
}
