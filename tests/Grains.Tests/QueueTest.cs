using Executor.Client;
using Executor.Engine;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Grains;

/// <summary>A test with a queue of its own in the cluster.</summary>
[Collection(ClusterCollection.Name)]
public abstract class QueueTest(TestCluster cluster) : IAsyncLifetime
{
    private ClusterExecutionService? _service;

    private protected string Queue { get; } = Guid.NewGuid().ToString("N");

    private protected TestCluster Cluster { get; } = cluster;

    private protected InMemoryTaskStore Store { get; } = new(TimeProvider.System);

    private protected ClusterExecutionService Service => _service!;

    private protected ISchedulerGrain Scheduler => Cluster.Grains.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(Queue));

    private protected virtual EngineOptions Options { get; } = new() { RecoveryWindow = TimeSpan.FromSeconds(20) };

    private protected static CancellationToken None => CancellationToken.None;

    public ValueTask InitializeAsync()
    {
        Cluster.Queues.Add(Queue, Store, Options, TimeProvider.System);
        _service ??= new ClusterExecutionService(Cluster.Grains, Queue, silo: null, TimeProvider.System, NullLogger<ClusterExecutionService>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await Service.DisposeAsync();

    private protected static TaskSpec Spec(string id, int priority = 0) => new() { TaskId = id, Code = "print(1)", Language = "python", Priority = priority };

    private protected async Task SubmitAsync(params string[] ids) => await Service.SubmitAsync([.. ids.Select(id => Spec(id))], None);

    private protected async Task<TaskResult> EndOfAsync(string id)
    {
        TaskResult? result = await Service.WaitAsync(id, TimeSpan.FromSeconds(30), None);
        Assert.NotNull(result);
        return result;
    }
}
