using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Callbacks;
using Executor.Engine.Sessions;
using Executor.Grains;
using Executor.Hosting;
using Executor.Hosting.Serving;
using Executor.Jobs;
using Executor.Storage;

namespace Executor.Silo.Queues;

/// <summary>
/// The queues of a silo's database: each is in a schema of its own, the default one where the connection leads. It has to do with its own, and with others only
/// while no silo of theirs is there.
/// </summary>
/// <param name="local">Runs tasks.</param>
/// <param name="server">What is taken.</param>
/// <param name="callbacks">Posts results.</param>
/// <param name="own">The silo's queue.</param>
/// <param name="postgres">The cluster's database; null: the silo is alone.</param>
/// <param name="dataFolder">Where tasks are then.</param>
internal sealed class SiloQueues(LocalHost local, ServerOptions server, ResultCallbacks callbacks, string own, string? postgres, string dataFolder)
    : IQueueResources, IAsyncDisposable
{
    // A silo that is killed is known to be dead sooner; this is for one that stands still, and for executors of other processes.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RecoveryWindow = TimeSpan.FromSeconds(3);

    // Of a PostgreSQL server with a hundred connections twenty silos leave some for others.
    private const int Connections = 4;

    private readonly SemaphoreSlim _opening = new(1);
    private readonly Dictionary<string, ITaskStore> _shared = [];

    /// <inheritdoc/>
    public IEnumerable<IJobType> JobTypes => local.JobTypes;

    /// <inheritdoc/>
    public SessionHost SessionsOf(string queue) => local.Sessions;

    /// <inheritdoc/>
    public TimeProvider TimeOf(string queue) => SteadyTime.System;

    /// <inheritdoc/>
    public EngineOptions OptionsOf(string queue) => local.EngineOptionsFor(server, callbacks) with { Lease = Lease, RecoveryWindow = RecoveryWindow };

    /// <inheritdoc/>
    public async ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (!_shared.TryGetValue(queue, out ITaskStore? store))
            {
                _shared[queue] = store = await OpenStoreAsync(queue, claim: null, cancellationToken);
            }

            return store;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) =>
        OpenStoreAsync(queue, claim, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (ITaskStore store in _shared.Values)
        {
            await store.DisposeAsync();
        }

        _opening.Dispose();
    }

    private Task<ITaskStore> OpenStoreAsync(string queue, WriterClaim? claim, CancellationToken cancellationToken)
    {
        // Clients name queues, too.
        if (!ClusterNodeOptions.IsQueueName(queue) || (postgres is null && queue != own))
        {
            throw new StorageException(
                postgres is null ? $"there is no queue '{queue}': a silo alone has one, '{own}'" : $"there is no queue '{queue}': its name must be {ClusterNodeOptions.QueueRule}",
                isTransient: false);
        }

        string? schema = queue == GrainKeys.DefaultQueue ? null : $"executor_{queue}";
        return local.OpenStoreAsync(postgres, local.SqlitePathIn(dataFolder), claim, cancellationToken, schema, Connections);
    }
}
