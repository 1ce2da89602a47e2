using System.Collections.Concurrent;
using Executor.Engine;
using Executor.Grains.Serialization;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Grains.Scheduling;

/// <summary>
/// A queue's engine over its store, and the connections of those who talk to it. Lives on its own threads. The store tells when another
/// scheduler has taken over: from then on nothing is written and nothing answered, and the grain is asked to go. It is asked, too, when
/// the store does not answer for a while: it may be this silo alone that has lost its way to it.
/// </summary>
internal sealed class SchedulerHost : IAsyncDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly Payload<IReadOnlyList<NumberedEvent>> NoEvents = new([]);
    private static readonly TimeSpan StoreTimeLimit = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly string _queue;
    private readonly IQueueResources _resources;
    private readonly ILogger _log;
    private readonly Action<SchedulerEnd> _ended;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Guid, ClientConnection> _clients = [];
    private readonly LatestAdmissions _admissions = new();
    private readonly Task _running;
    private volatile ExecutionEngine? _engine;
    private volatile bool _givesWay;

    /// <summary>Begins to start.</summary>
    /// <param name="name">The scheduler's name, under which it claims the store.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="resources">Where tasks are kept.</param>
    /// <param name="log">Where it says what becomes of it.</param>
    /// <param name="ended">Called once when it ends by itself.</param>
    public SchedulerHost(string name, string queue, IQueueResources resources, ILogger log, Action<SchedulerEnd> ended)
    {
        (_name, _queue, _resources, _log, _ended) = (name, queue, resources, log, ended);
        _running = Task.Run(RunAsync);
    }

    /// <summary>The engine; null: it has not started, or has stopped.</summary>
    public ExecutionEngine? Engine => _engine;

    /// <summary>See <see cref="ISchedulerGrain.SendAsync"/>.</summary>
    public ConnectionStatus Take(CallBatch batch)
    {
        if (_engine is not ExecutionEngine engine)
        {
            return ConnectionStatus.Starting;
        }

        ClientConnection? client = batch.IsFirst
            ? _clients.GetOrAdd(batch.ConnectionId, _ => new ClientConnection(engine, _admissions, batch.Silo))
            : _clients.GetValueOrDefault(batch.ConnectionId);
        return client?.Take(batch.Calls.Open()) == true ? ConnectionStatus.Taken : ConnectionStatus.UnknownConnection;
    }

    /// <summary>See <see cref="ISchedulerGrain.PullAsync"/>.</summary>
    public async Task<EventBatch> PullAsync(Guid connectionId, long seen) =>
        _engine is null ? new EventBatch(ConnectionStatus.Starting, NoEvents)
        : !_clients.TryGetValue(connectionId, out ClientConnection? found) ? new EventBatch(ConnectionStatus.UnknownConnection, NoEvents)
        : new EventBatch(ConnectionStatus.Taken, new Payload<IReadOnlyList<NumberedEvent>>(await found.PullAsync(seen)));

    /// <summary>Takes out the executors of a silo that is known to be dead: what they ran goes elsewhere at once.</summary>
    public void LoseSilo(string silo)
    {
        foreach ((Guid id, ClientConnection client) in _clients)
        {
            if (client.Silo == silo && _clients.TryRemove(id, out _))
            {
                client.LoseExecutors();
                client.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (!_givesWay)
        {
            await _running;
            _stopping.Dispose();
        }
    }

    private async Task RunAsync()
    {
        WriterClaim claim = new(_name);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, claim.Lost);
        try
        {
            await ServeAsync(claim, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Asked to end, or superseded.
        }
        catch (StorageException failed)
        {
            GiveWay(failed);
        }

        if (claim.Lost.IsCancellationRequested && !_givesWay)
        {
            _log.Superseded(_name, claim.Epoch);
            _ended(SchedulerEnd.Superseded);
        }
    }

    private void GiveWay(StorageException failed)
    {
        if (!_givesWay && !_stopping.IsCancellationRequested)
        {
            _givesWay = true;
            _log.GivesWay(_name, failed.Message);
            _ended(SchedulerEnd.StoreLost);
        }
    }

    private async Task ServeAsync(WriterClaim claim, CancellationToken ending)
    {
        await using ITaskStore store = await _resources.OpenAsync(_queue, claim, ending);
        await using ExecutionEngine engine = new(store, _resources.OptionsOf(_queue), _resources.TimeOf(_queue), _log);
        await engine.StartAsync(ending);
        _log.Started(_name, claim.Epoch);
        _engine = engine;
        try
        {
            using PeriodicTimer timer = new(LookPeriod);
            while (await timer.WaitForNextTickAsync(ending))
            {
                await LookAsync(claim, ending);
            }
        }
        catch (StorageException failed)
        {
            // Before the engine has ended: what is on its way into the store keeps trying for a while, and nobody need wait for that.
            GiveWay(failed);
            throw;
        }
        finally
        {
            _engine = null;
            foreach (ClientConnection client in _clients.Values)
            {
                client.Dispose();
            }

            _clients.Clear();
        }
    }

    private async Task LookAsync(WriterClaim claim, CancellationToken ending)
    {
        await CheckAsync(claim, ending);
        foreach ((Guid id, ClientConnection client) in _clients)
        {
            if (client.IsSilent && _clients.TryRemove(id, out _))
            {
                // Its executors are lost by their own leases.
                client.Dispose();
            }
        }
    }

    /// <summary>Looks whether another has taken over.</summary>
    /// <exception cref="StorageException">The store did not answer.</exception>
    private static async Task CheckAsync(WriterClaim claim, CancellationToken ending)
    {
        try
        {
            // Not a token: what waits for a connection that has broken off without a word goes on waiting.
            await claim.CheckAsync(ending).WaitAsync(StoreTimeLimit, ending);
        }
        catch (TimeoutException)
        {
            throw new StorageException($"It has not answered for {StoreTimeLimit.TotalSeconds:0} s.", isTransient: true);
        }
    }
}
