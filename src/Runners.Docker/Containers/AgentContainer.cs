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

    /// <summary>Makes a container and waits until its agent is ready.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="ledger">Keeps track of it.</param>
    /// <param name="key">What it is for.</param>
    /// <param name="limits">Memory and processes, which may be changed later.</param>
    /// <param name="cancellationToken">Stops it; nothing is then left.</param>
    /// <exception cref="RunnerException">It could not be made; the message says which setting to look at.</exception>
    public static async Task<AgentContainer> StartAsync(
        DockerEngine engine, ContainerLedger ledger, ContainerKey key, EffectiveLimits limits, CancellationToken cancellationToken)
    {
        string name = ledger.NewName();
        AttachedAgent? transport = null;
        AgentConnection? agent = null;
        try
        {
            CreateContainerParameters container = ContainerRecipe.CreateForAgent(name, key, limits.MemoryMb, limits.Pids, AgentSource.Receiver);
            await engine.AskAsync("create a container", (client, token) => client.Containers.CreateContainerAsync(container, token), cancellationToken);
            MultiplexedStream attached = await engine.AskAsync(
                "attach to a container",
                (client, token) => client.Containers.AttachContainerAsync(
                    name, tty: false, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true }, token),
                cancellationToken);
            transport = new AttachedAgent(attached, () => ledger.Discard(name));
            await engine.AskAsync(
                $"start a container of the image '{key.Executor.Image}'",
                (client, token) => client.Containers.StartContainerAsync(name, new ContainerStartParameters(), token),
                cancellationToken);
            await transport.SendSourceAsync(AgentSource.Bytes, cancellationToken);
            agent = new AgentConnection(transport, new AgentOptions { InContainer = true, Network = key.Network, DiskMb = key.DiskMb });
            await agent.WaitReadyAsync(cancellationToken);
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
            throw failed switch
            {
                // Not the same as an agent that is lost later: another container would not do better.
                RunnerException { ErrorType: TaskErrorTypes.AgentLost } lost => new RunnerException(
                    TaskErrorTypes.ImageUnavailable,
                    $"{key.Python} of the image '{key.Executor.Image}' can't run the agent, which needs Python 3.8 or newer (look at code_executors.docker.{key.Executor.Name}.code_executor_path and image). {lost.Message}",
                    lost),
                IOException broken => EngineFailure.Unreachable(engine.Endpoint, broken.Message, broken),
                _ => System.Runtime.ExceptionServices.ExceptionDispatchInfo.SetCurrentStackTrace(failed),
            };
        }
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
