using System.Collections.Concurrent;

namespace Executor.Runners.Agent;

/// <summary>
/// Warm agents, lent one task at a time. Grows by what is asked for at once; keeps <paramref name="maxIdle"/> idle ones of each
/// kind for the next tasks; a dead one is simply never lent again, so the next task starts its replacement.
/// </summary>
/// <param name="start">Starts an agent of a kind.</param>
/// <param name="maxIdle">Idle agents kept of each kind. Range over 0.</param>
/// <param name="maxAgents">
/// Agents of all kinds together, as far as idle ones of other kinds can be ended to make room: who has a task is not kept from it.
/// </param>
public sealed class AgentPool(
    Func<AgentKey, CancellationToken, ValueTask<(AgentTransport Transport, AgentOptions Options)>> start, int maxIdle, int maxAgents = int.MaxValue)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<AgentKey, ConcurrentStack<AgentConnection>> _idle = new();
    private readonly ConcurrentDictionary<AgentConnection, AgentKey> _all = new();
    private volatile bool _disposed;

    /// <summary>A workspace on an idle agent, or on a new one.</summary>
    /// <exception cref="RunnerException">No agent could be started.</exception>
    public async Task<IWorkspace> OpenAsync(AgentKey key, int diskMb, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ConcurrentStack<AgentConnection> idle = _idle.GetOrAdd(key, _ => new ConcurrentStack<AgentConnection>());
        AgentConnection? agent;
        while (idle.TryPop(out agent) && agent.IsDead)
        {
            await RemoveAsync(agent);
        }

        if (agent is null)
        {
            await MakeRoomAsync();
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
            && _idle.TryGetValue(key, out ConcurrentStack<AgentConnection>? idle) && idle.Count < maxIdle)
        {
            idle.Push(agent);
            return;
        }

        await RemoveAsync(agent);
    }

    private async ValueTask MakeRoomAsync()
    {
        foreach (ConcurrentStack<AgentConnection> idle in _idle.Values)
        {
            while (_all.Count >= maxAgents && idle.TryPop(out AgentConnection? agent))
            {
                await RemoveAsync(agent);
            }
        }
    }

    private async ValueTask RemoveAsync(AgentConnection agent)
    {
        if (_all.TryRemove(agent, out _))
        {
            await agent.DisposeAsync();
        }
    }
}
