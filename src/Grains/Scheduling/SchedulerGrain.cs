using Executor.Engine;
using Executor.Execution;
using Executor.Grains.Placement;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Runtime;

namespace Executor.Grains.Scheduling;

/// <summary>
/// Hosts a queue's engine. The engine has its own lock and threads: nothing of it is touched on the grain's own scheduler, which so never
/// waits for it.
/// </summary>
[Reentrant]
[RandomPlacement]
[GrainDirectory(LastingDirectory.Name)]
[QueueSilos]
internal sealed class SchedulerGrain(IQueueResources resources, ISiloStatusOracle silos, StoreOutage outage, ILoggerFactory logging) : Grain, ISchedulerGrain, ISiloStatusListener, IAsyncDisposable
{
    private SchedulerHost? _host;

    private SchedulerHost Host => _host ?? throw new SchedulerStartingException();

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (outage.IsRecent && silos.GetApproximateSiloStatuses(onlyActive: true).Count > 1)
        {
            // The caller tries again, and comes to another silo.
            throw new SchedulerStartingException();
        }

        string key = this.GetPrimaryKeyString();
        // What the store holds is read meanwhile: calls are answered that it is starting, rather than held up.
        _host = new SchedulerHost(key, GrainKeys.Split(key).Queue, resources, logging.CreateLogger<SchedulerHost>(), End);
        silos.SubscribeToSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        await DisposeAsync().AsTask().WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is SchedulerHost host)
        {
            _host = null;
            await Task.Run(() => host.DisposeAsync().AsTask());
        }
    }

    /// <inheritdoc/>
    public Task<ConnectionStatus> SendAsync(CallBatch batch) => Apart(host => Task.FromResult(host.Take(batch)));

    /// <inheritdoc/>
    public Task<EventBatch> PullAsync(Guid connectionId, long seen) => Apart(host => host.PullAsync(connectionId, seen));

    /// <inheritdoc/>
    public Task<StoredTask?> GetAsync(string taskId) => Ask(engine => engine.GetAsync(taskId, CancellationToken.None));

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync(string taskId) => Ask(engine => engine.CancelAsync(taskId, CancellationToken.None));

    /// <inheritdoc/>
    public Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after) =>
        Ask(engine => engine.ListAsync(filter, limit, after, CancellationToken.None));

    /// <inheritdoc/>
    public Task<OutputChunk> ReadOutputAsync(string taskId, OutputPosition after) => Ask(engine => OutputReader.ReadAsync(engine, taskId, after));

    /// <inheritdoc/>
    public Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after) =>
        Ask(engine => engine.ListCallbacksAsync(state, limit, after, CancellationToken.None));

    /// <inheritdoc/>
    public Task<string?> FindOutageAsync() => Ask(engine => engine.FindOutageAsync(CancellationToken.None));

    /// <inheritdoc/>
    public Task<ExecutionMetrics> GetMetricsAsync() => Ask(engine => engine.GetMetricsAsync(CancellationToken.None));

    /// <inheritdoc/>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
        {
            _host?.LoseSilo(updatedSilo.ToParsableString());
        }
    }

    private void End(SchedulerEnd why)
    {
        if (why == SchedulerEnd.StoreLost)
        {
            outage.Note();
        }

        this.DeactivateOnIdle();
    }

    private Task<T> Apart<T>(Func<SchedulerHost, Task<T>> work)
    {
        SchedulerHost host = Host;
        return Task.Run(() => work(host));
    }

    private Task<T> Ask<T>(Func<ExecutionEngine, Task<T>> ask) => Apart(async host =>
    {
        try
        {
            return await ask(host.Engine ?? throw new SchedulerStartingException());
        }
        catch (ServiceStoppingException)
        {
            throw new SchedulerStartingException();
        }
        catch (StorageException failed)
        {
            throw new CallFaultException(CallFault.Of(failed));
        }
    });
}
