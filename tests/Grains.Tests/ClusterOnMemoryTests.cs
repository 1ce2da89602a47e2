using Executor.Client;
using Executor.Engine;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Grains;

/// <summary>The cluster passes what the engine passes. Its store outlives its schedulers.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClusterOnMemoryTests(TestCluster cluster) : ExecutionServiceContract
{
    private readonly string _queue = Guid.NewGuid().ToString("N");
    private InMemoryTaskStore? _store;
    private ClusterExecutionService? _service;

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _store!.DisposeAsync();
    }

    protected override Task<TestedService> StartAsync(TimeProvider time, EngineOptions options)
    {
        _store ??= new InMemoryTaskStore(time);
        cluster.Queues.Add(_queue, _store, options, time);
        _service = new ClusterExecutionService(cluster.Grains, _queue, silo: null, time, NullLogger<ClusterExecutionService>.Instance);
        return System.Threading.Tasks.Task.FromResult(TestedService.Of(_service));
    }

    protected override async Task StopAsync()
    {
        await _service!.DisposeAsync();
        ISchedulerGrain scheduler = cluster.Grains.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(_queue));
        await cluster.Silos.DeactivateAsync(scheduler);
    }

    protected override async Task SettleAsync() => await Registry.ListExecutorsAsync(None);
}
