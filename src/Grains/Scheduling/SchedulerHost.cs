using System.Collections.Concurrent;
using Executor.Engine;
using Executor.Grains.Serialization;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Grains.Scheduling;

/// <summary>
/// A queue's engine over its store, and the sessions of those who talk to it. Lives on its own threads. The store tells when another
/// scheduler has taken over: from then on nothing is written and nothing answered, and the grain is asked to go. It is asked, too, when
/// the store does not answer for a while: it may be this silo alone that has lost its way to it.
/// </summary>
internal sealed class SchedulerHost : IAsyncDisposable
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly Parcel<IReadOnlyList<NumberedNews>> NoNews = new([]);
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(10);

    private readonly string _name;
    private readonly string _queue;
    private readonly IQueueResources _resources;
    private readonly ILogger _log;
    private readonly Action<SchedulerEnd> _ended;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Guid, FrontSession> _sessions = [];
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
    public FrontStatus Take(FrontBatch batch)
    {
        if (_engine is not ExecutionEngine engine)
        {
            return FrontStatus.Starting;
        }

        FrontSession? session = batch.IsFirst
            ? _sessions.GetOrAdd(batch.Session, _ => new FrontSession(engine, _admissions, batch.Silo))
            : _sessions.GetValueOrDefault(batch.Session);
        return session?.Take(batch.Calls.Open()) == true ? FrontStatus.Taken : FrontStatus.UnknownSession;
    }

    /// <summary>See <see cref="ISchedulerGrain.PullAsync"/>.</summary>
    public async Task<FrontNews> PullAsync(Guid session, long seen) =>
        _engine is null ? new FrontNews(FrontStatus.Starting, NoNews)
        : !_sessions.TryGetValue(session, out FrontSession? found) ? new FrontNews(FrontStatus.UnknownSession, NoNews)
        : new FrontNews(FrontStatus.Taken, new Parcel<IReadOnlyList<NumberedNews>>(await found.PullAsync(seen)));

    /// <summary>Takes out the executors of a silo that is known to be dead: what they ran goes elsewhere at once.</summary>
    public void LoseSilo(string silo)
    {
        foreach ((Guid id, FrontSession session) in _sessions)
        {
            if (session.Silo == silo && _sessions.TryRemove(id, out _))
            {
                session.LoseExecutors();
                session.Dispose();
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
        // Jobs have a grain of their own; nobody asks the engine for them.
        await using ExecutionEngine engine = new(store, _resources.OptionsOf(_queue), null!, _resources.TimeOf(_queue), _log);
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
            foreach (FrontSession session in _sessions.Values)
            {
                session.Dispose();
            }

            _sessions.Clear();
        }
    }

    private async Task LookAsync(WriterClaim claim, CancellationToken ending)
    {
        await CheckAsync(claim, ending);
        foreach ((Guid id, FrontSession session) in _sessions)
        {
            if (session.IsSilent && _sessions.TryRemove(id, out _))
            {
                // Its executors are lost by their own leases.
                session.Dispose();
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
            await claim.CheckAsync(ending).WaitAsync(StorePatience, ending);
        }
        catch (TimeoutException)
        {
            throw new StorageException($"It has not answered for {StorePatience.TotalSeconds:0} s.", isTransient: true);
        }
    }
}
