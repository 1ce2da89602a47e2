using Executor.Cli;
using Executor.Configuration;
using Executor.Engine;
using Executor.Grains;
using Executor.Jobs;
using Executor.Runtimes.Environments;
using Executor.Storage;
using Executor.Storage.Sql;
using Microsoft.Extensions.Logging;

namespace Executor.Silo.Queues;

/// <summary>The queue of a silo's database.</summary>
internal sealed class SiloQueues(LocalHost local, ServerOptions server, ResultCallbacks callbacks, string? postgres, string dataFolder)
    : IQueueResources, IAsyncDisposable
{
    // A silo that is killed is known to be dead sooner; this is for one that stands still, and for executors of other processes.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Reunion = TimeSpan.FromSeconds(3);

    private readonly ILogger _log = local.Logging.CreateLogger("Executor.Storage");
    private readonly SemaphoreSlim _opening = new(1);
    private ITaskStore? _shared;

    /// <inheritdoc/>
    public IEnumerable<IJobType> JobTypes => [new RuntimeEnvInstall(local.Environments, local.Runtimes, local.Configuration), .. local.JobTypes];

    /// <inheritdoc/>
    public TimeProvider TimeOf(string queue) => TimeProvider.System;

    /// <inheritdoc/>
    public EngineOptions OptionsOf(string queue) => new()
    {
        MaxQueue = server.MaxQueue,
        Lease = Lease,
        Reunion = Reunion,
        Retention = local.Configuration.Storage.Retention,
        FindCodeExecutor = local.Configuration.FindCodeExecutor,
        Callbacks = callbacks,
        Admit = task => local.ServerFaultsOf(task, server.CallbackHosts),
    };

    /// <inheritdoc/>
    public async ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _shared ??= await OpenAsync(SqlStoreOptions.Default, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) =>
        OpenAsync(SqlStoreOptions.Default with { Claim = claim }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        _opening.Dispose();
    }

    private Task<ITaskStore> OpenAsync(SqlStoreOptions options, CancellationToken cancellationToken) => postgres is not null
        ? SqlTaskStores.OpenPostgresAsync(postgres, options, TimeProvider.System, _log, cancellationToken)
        : SqlTaskStores.OpenSqliteAsync(
            local.Configuration.Storage.SqlitePath ?? Path.Combine(dataFolder, SqlTaskStores.FileName), options, TimeProvider.System, _log, cancellationToken);
}
