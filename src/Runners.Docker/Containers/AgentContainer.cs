using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Limits;
using Executor.Runners.Agent;
using Executor.Runners.Docker.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Containers;

/// <summary>A container with an agent in it, good for one task.</summary>
internal sealed class AgentContainer : IAsyncDisposable
{
    /// <summary>From an interpreter's start to its agent's first word.</summary>
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(30);

    private readonly DockerEngine _engine;
    private readonly string _name;
    private EffectiveLimits _limits;

    private AgentContainer(DockerEngine engine, string name, ContainerKey key, EffectiveLimits limits, AgentConnection agent)
    {
        (_engine, _name, Key, _limits, Agent) = (engine, name, key, limits, agent);
    }

    /// <summary>What it can be used for.</summary>
    public ContainerKey Key { get; }

    /// <summary>The agent; ready.</summary>
    public AgentConnection Agent { get; }

    /// <summary>
    /// Makes a container and waits until its agent is ready. It can't be called back half-way: what the engine has been asked to make it may
    /// make all the same, when nobody knows of it any more.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="ledger">Keeps track of it.</param>
    /// <param name="key">What it is for.</param>
    /// <param name="limits">Memory and processes, which may be changed later.</param>
    /// <exception cref="RunnerException">It could not be made; the message says which setting to look at.</exception>
    public static async Task<AgentContainer> StartAsync(DockerEngine engine, ContainerLedger ledger, ContainerKey key, EffectiveLimits limits)
    {
        string name = ledger.NewName();
        AttachedAgent? transport = null;
        AgentConnection? agent = null;
        try
        {
            CreateContainerParameters container = ContainerRecipe.CreateForAgent(name, key, limits.MemoryMb, limits.Pids, AgentSource.Receiver);
            await engine.AskAsync("create a container", (client, token) => client.Containers.CreateContainerAsync(container, token), CancellationToken.None);
            MultiplexedStream attached = await engine.AskAsync(
                "attach to a container",
                (client, token) => client.Containers.AttachContainerAsync(
                    name, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true }, token),
                CancellationToken.None);
            transport = new AttachedAgent(attached, () => ledger.Discard(name));
            await engine.AskAsync(
                $"start a container of the image '{key.Executor.Image}'",
                (client, token) => client.Containers.StartContainerAsync(name, new ContainerStartParameters(), token),
                CancellationToken.None);
            await transport.SendSourceAsync(AgentSource.Bytes, CancellationToken.None);
            agent = new AgentConnection(transport, new AgentOptions { InContainer = true, Turn = ledger.NextTurn(), Network = key.Network, DiskMb = key.DiskMb });
            await agent.WaitReadyAsync(CancellationToken.None).WaitAsync(ReadyTimeout);
            return new AgentContainer(engine, name, key, limits, agent);
        }
        catch (Exception failed)
        {
            if (agent is not null)
            {
                await agent.DisposeAsync();
            }
            else if (transport is not null)
            {
                await transport.DisposeAsync();
            }

            ledger.Discard(name);
            if (failed is RunnerException { ErrorType: TaskErrorTypes.AgentLost } or TimeoutException)
            {
                throw await NotReadyAsync(engine, key, failed);
            }

            if (failed is IOException or SocketException)
            {
                throw EngineFailure.Unreachable(engine.Endpoint, failed.Message, failed);
            }

            throw;
        }
    }

    /// <summary>Whether it was the engine that went away, or the image's interpreter that can't do it.</summary>
    private static async Task<RunnerException> NotReadyAsync(DockerEngine engine, ContainerKey key, Exception failed)
    {
        try
        {
            await engine.AskAsync("answer", (client, token) => client.System.PingAsync(token), CancellationToken.None);
        }
        catch (RunnerException away)
        {
            return away;
        }

        string why = failed is TimeoutException ? $"It was not ready within {ReadyTimeout.TotalSeconds:0} s." : failed.Message;
        return new RunnerException(
            TaskErrorTypes.ImageUnavailable,
            $"{key.Python} of the image '{key.Executor.Image}' can't run the agent, which needs Python 3.8 or newer (look at code_executors.docker.{key.Executor.Name}.code_executor_path and image). {why}",
            failed);
    }

    /// <summary>Sets other limits on it, if they are others.</summary>
    /// <exception cref="RunnerException">The engine could not.</exception>
    public async Task SetLimitsAsync(EffectiveLimits limits, CancellationToken cancellationToken)
    {
        if (limits.MemoryMb == _limits.MemoryMb && limits.Pids == _limits.Pids)
        {
            return;
        }

        await _engine.AskAsync(
            "set a container's limits", (client, token) => client.Containers.UpdateContainerAsync(_name, ContainerRecipe.Update(limits), token), cancellationToken);
        _limits = limits;
    }

    /// <summary>Ends it; the engine removes it in the background.</summary>
    public ValueTask DisposeAsync() => Agent.DisposeAsync();
}
