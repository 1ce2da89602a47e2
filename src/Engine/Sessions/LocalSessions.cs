using Executor.Execution;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Engine.Sessions;

/// <summary>The sessions of one process. They end with it.</summary>
public sealed class LocalSessions : ISessionService, IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly SessionHost _host;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sweeping;

    /// <param name="host">Holds them.</param>
    public LocalSessions(SessionHost host)
    {
        _host = host;
        _sweeping = SweepAsync();
    }

    /// <inheritdoc/>
    public async Task<SessionInfo> OpenAsync(SessionSpec spec, CancellationToken cancellationToken)
    {
        _host.Check(spec);
        Session session = OpenOrJoin(spec with { SessionId = spec.SessionId ?? Guid.CreateVersion7(_host.Time.GetUtcNow()).ToString() });
        try
        {
            return await ReadyAsync(session, cancellationToken);
        }
        catch (SessionException) when (session.Info.Restarts == 0)
        {
            await RemoveAsync(session);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<SessionInfo?> GetAsync(string sessionId, CancellationToken cancellationToken) => Task.FromResult(Find(sessionId)?.Info);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SessionInfo>> ListAsync(CancellationToken cancellationToken)
    {
        SessionInfo[] all;
        lock (_lock)
        {
            all = [.. _sessions.Values.Select(session => session.Info)];
        }

        return Task.FromResult<IReadOnlyList<SessionInfo>>(
            [.. all.OrderBy(session => session.CreateTimeMs).ThenBy(session => session.SessionId, StringComparer.Ordinal)]);
    }

    /// <inheritdoc/>
    public async Task<SessionExecution?> ExecuteAsync(string sessionId, ExecuteRequest request, OutputReceiver? live, CancellationToken cancellationToken) =>
        Find(sessionId) is Session session ? await session.ExecuteAsync(request, live, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task<bool> InterruptAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (Find(sessionId) is not Session session)
        {
            return false;
        }

        await session.InterruptAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public async Task<SessionInfo?> RestartAsync(string sessionId, CancellationToken cancellationToken)
    {
        if (Find(sessionId) is not Session session)
        {
            return null;
        }

        session.Restart();
        return await ReadyAsync(session, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> CloseAsync(string sessionId, CancellationToken cancellationToken) =>
        Find(sessionId) is Session session && await RemoveAsync(session).WaitAsync(cancellationToken);

    /// <summary>Takes nothing more and waits for what is executed, until the time is up.</summary>
    public async Task DrainAsync(CancellationToken grace)
    {
        await _stopping.CancelAsync();
        await _host.DrainAsync(grace);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _sweeping;
        Session[] left;
        lock (_lock)
        {
            left = [.. _sessions.Values];
        }

        await Task.WhenAll(left.Select(RemoveAsync));
    }

    private Session OpenOrJoin(SessionSpec spec)
    {
        lock (_lock)
        {
            ThrowIfStopping();
            if (!_sessions.TryGetValue(spec.SessionId!, out Session? session))
            {
                return _sessions[spec.SessionId!] = _host.Open(spec);
            }

            return session.Spec.AsksTheSameAs(spec) ? session : throw SessionException.Conflict(session.Id);
        }
    }

    private static async Task<SessionInfo> ReadyAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            await session.Ready.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Somebody restarts or closes it at the same time; where it is tells.
        }

        return session.Info;
    }

    private Session? Find(string sessionId)
    {
        lock (_lock)
        {
            ThrowIfStopping();
            return _sessions.GetValueOrDefault(sessionId);
        }
    }

    private async Task<bool> RemoveAsync(Session session)
    {
        await session.DisposeAsync();
        lock (_lock)
        {
            return _sessions.Remove(session.Id);
        }
    }

    private async Task SweepAsync()
    {
        using PeriodicTimer timer = new(SweepPeriod, _host.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                Session[] expired;
                lock (_lock)
                {
                    expired = [.. _sessions.Values.Where(session => session.IsExpired)];
                }

                await Task.WhenAll(expired.Select(RemoveAsync));
            }
        }
        catch (OperationCanceledException)
        {
            // It stops.
        }
    }

    private void ThrowIfStopping()
    {
        if (_stopping.IsCancellationRequested)
        {
            throw new ServiceStoppingException();
        }
    }
}
