using Executor.Configuration;
using Executor.Engine;
using Executor.Grains;
using Executor.Hosting;
using Executor.Hosting.Serving;
using Executor.Jobs;
using Executor.Sessions;
using Executor.Storage;

namespace Executor.Silo.Queues;

/// <summary>The queue of a silo's database.</summary>
internal sealed class SiloQueues(LocalHost local, ServerOptions server, ResultCallbacks callbacks, string? postgres, string dataFolder)
    : IQueueResources, IAsyncDisposable
{
    // A silo that is killed is known to be dead sooner; this is for one that stands still, and for executors of other processes.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Reunion = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _opening = new(1);
    private ITaskStore? _shared;

    /// <inheritdoc/>
    public IEnumerable<IJobType> JobTypes => local.JobTypes;

    /// <inheritdoc/>
    public SessionHost SessionsOf(string queue) => local.Sessions;

    /// <inheritdoc/>
    public TimeProvider TimeOf(string queue) => TimeProvider.System;

    /// <inheritdoc/>
    public EngineOptions OptionsOf(string queue) => local.EngineOptionsFor(server, callbacks) with { Lease = Lease, Reunion = Reunion };

    /// <inheritdoc/>
    public async ValueTask<ITaskStore> OpenAsync(string queue, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _shared ??= await OpenAsync(claim: null, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public Task<ITaskStore> OpenAsync(string queue, WriterClaim claim, CancellationToken cancellationToken) =>
        OpenAsync(claim, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        _opening.Dispose();
    }

    private Task<ITaskStore> OpenAsync(WriterClaim? claim, CancellationToken cancellationToken) =>
        local.OpenStoreAsync(postgres, local.SqlitePathIn(dataFolder), claim, cancellationToken);
}
