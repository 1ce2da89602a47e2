using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>
/// Warm agents, lent one task at a time. Grows by what is asked for at once; keeps <paramref name="maxIdle"/> idle ones of each
/// kind for the next tasks, and four times as many of all kinds together, for packages can make any number of kinds; a dead one is
/// simply never lent again, so the next task starts its replacement.
/// </summary>
/// <param name="start">Starts an agent of a kind.</param>
/// <param name="maxIdle">Idle agents kept of each kind. Range over 0.</param>
/// <param name="maxAgents">
/// Agents of all kinds together, as far as idle ones can be ended to make room: who has a task is not kept from it. Range over 0.
/// </param>
public sealed class AgentPool(
    Func<AgentKey, CancellationToken, ValueTask<(AgentTransport Transport, AgentOptions Options)>> start, int maxIdle, int maxAgents = int.MaxValue)
    : IAsyncDisposable
{
    private const int IdleKinds = 4;

    private readonly ConcurrentDictionary<AgentKey, Kind> _kinds = new();
    private readonly ConcurrentDictionary<AgentConnection, AgentKey> _all = new();
    private volatile bool _disposed;
    private long _clock;
    private int _idle;

    /// <summary>A workspace on an idle agent, or on a new one.</summary>
    /// <exception cref="RunnerException">No agent could be started.</exception>
    public async Task<IWorkspace> OpenAsync(AgentKey key, int diskMb, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Kind kind = _kinds.GetOrAdd(key, _ => new Kind());
        AgentConnection? agent;
        while (TryTake(kind, out agent) && agent.IsDead)
        {
            await RemoveAsync(agent);
        }

        if (agent is null)
        {
            while (_all.Count >= maxAgents && await TrimAsync())
            {
                // There may be room now.
            }

            (AgentTransport transport, AgentOptions options) = await start(key, cancellationToken);
            agent = new AgentConnection(transport, options);
            _all[agent] = key;
        }

        try
        {
            await agent.WaitReadyAsync(cancellationToken);
        }
        catch
        {
            await RemoveAsync(agent);
            throw;
        }

        return agent.Open(diskMb, ReturnAsync);
    }

    /// <summary>Ends every agent, and with them whatever they run.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach (AgentConnection agent in _all.Keys)
        {
            agent.Kill();
        }

        foreach (AgentConnection agent in _all.Keys)
        {
            await RemoveAsync(agent);
        }
    }

    private async ValueTask ReturnAsync(AgentConnection agent)
    {
        if (!agent.IsDead && !_disposed && _all.TryGetValue(agent, out AgentKey? key)
            && _kinds.TryGetValue(key, out Kind? kind) && kind.Idle.Count < maxIdle)
        {
            kind.LastReturn = Interlocked.Increment(ref _clock);
            kind.Idle.Push(agent);
            if (Interlocked.Increment(ref _idle) > maxIdle * IdleKinds)
            {
                await TrimAsync();
            }

            return;
        }

        await RemoveAsync(agent);
    }

    /// <summary>Ends an idle agent of the kind that was asked for least lately; false when none is idle.</summary>
    private async ValueTask<bool> TrimAsync()
    {
        Kind? oldest = _kinds.Values.Where(kind => !kind.Idle.IsEmpty).MinBy(kind => kind.LastReturn);
        if (oldest is null)
        {
            return false;
        }

        if (TryTake(oldest, out AgentConnection? agent))
        {
            await RemoveAsync(agent);
        }

        return true;
    }

    private bool TryTake(Kind kind, [NotNullWhen(true)] out AgentConnection? agent)
    {
        bool taken = kind.Idle.TryPop(out agent);
        if (taken)
        {
            Interlocked.Decrement(ref _idle);
        }

        return taken;
    }

    private async ValueTask RemoveAsync(AgentConnection agent)
    {
        if (_all.TryRemove(agent, out _))
        {
            await agent.DisposeAsync();
        }
    }

    /// <summary>The idle agents of a kind.</summary>
    private sealed class Kind
    {
        private long _lastReturn;

        public ConcurrentStack<AgentConnection> Idle { get; } = new();

        /// <summary>When one was last given back, by the pool's own clock.</summary>
        public long LastReturn
        {
            get => Interlocked.Read(ref _lastReturn);
            set => Interlocked.Exchange(ref _lastReturn, value);
        }
    }
}
