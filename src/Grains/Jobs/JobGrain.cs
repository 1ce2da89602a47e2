using System.Text.Json;
using Executor.Engine.Jobs;
using Executor.Execution;
using Executor.Grains.Placement;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace Executor.Grains.Jobs;

/// <summary>See <see cref="IJobGrain"/>. What ran when its silo died is FAILED when it comes back on another.</summary>
[Reentrant]
[RandomPlacement]
[GrainDirectory(LastingDirectory.Name)]
[QueueSilos]
[MostRunners]
internal sealed class JobGrain(IQueueResources resources, ILogger<JobRunner> log) : Grain, IJobGrain
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(500);

    private JobRunner? _jobs;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        string queue = GrainKeys.Split(this.GetPrimaryKeyString()).Queue;
        ITaskStore store = await resources.OpenAsync(queue, cancellationToken);
        _jobs = await Task.Run(
            () => JobRunner.OpenAsync(store, resources.JobTypes, new JobRunnerOptions(), resources.TimeOf(queue), log, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_jobs is JobRunner jobs)
        {
            await Task.Run(() => jobs.DisposeAsync().AsTask(), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<JobRecord> StartAsync(string type, string? parameters) => Apart(async jobs =>
    {
        using JsonDocument? given = parameters is null ? null : JsonDocument.Parse(parameters);
        return await jobs.StartAsync(type, given?.RootElement.Clone(), CancellationToken.None);
    });

    /// <inheritdoc/>
    public Task<JobRecord?> GetAsync(string jobId) => Apart(jobs => jobs.GetAsync(jobId, CancellationToken.None));

    /// <inheritdoc/>
    public Task<string?> GetLogAsync(string jobId) => Apart(jobs => jobs.GetLogAsync(jobId, CancellationToken.None));

    /// <inheritdoc/>
    public Task<JobRecord[]> ListAsync(int limit) => Apart(async jobs => (await jobs.ListAsync(limit, CancellationToken.None)).ToArray());

    /// <inheritdoc/>
    public Task<JobRecord?> WaitAsync(string jobId) => Apart(jobs => jobs.WaitAsync(jobId, TimeLimit, CancellationToken.None));

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string jobId) => Apart(jobs => jobs.CancelAsync(jobId, CancellationToken.None));

    private Task<T> Apart<T>(Func<JobRunner, Task<T>> work)
    {
        JobRunner jobs = _jobs!;
        return Task.Run(async () =>
        {
            try
            {
                return await work(jobs);
            }
            catch (ServiceStoppingException)
            {
                throw new SchedulerStartingException();
            }
            catch (Exception failed) when (failed is InvalidInputException or StorageException)
            {
                throw new CallFaultException(CallFault.Of(failed));
            }
        });
    }
}
