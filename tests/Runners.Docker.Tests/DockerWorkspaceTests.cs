using Executor.Limits;
using Executor.Runners.ContractTests;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Docker.Tests;

/// <summary>Several processes at once on a Docker engine.</summary>
public abstract class DockerWorkspaceContract(EngineFixture engine, string image) : WorkspaceContract, IAsyncLifetime
{
    private DockerBackend? _backend;

    public ValueTask InitializeAsync()
    {
        _backend = new DockerBackend(TimeProvider.System, engine.Endpoint);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _backend?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override Task<IWorkspace> OpenAsync(EffectiveLimits limits) => _backend!.OpenAsync(
        new WorkspaceRequest(limits, null, WarmKind.None, BaseEnvironment.Variables, [], CodeExecutor: new DockerCodeExecutorOptions { Name = "d", Image = image }),
        CancellationToken.None);

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.CommandLines();
}

/// <summary>In one container, with an agent.</summary>
[Collection(EngineCollection.Name)]
public sealed class AgentWorkspaceTests(EngineFixture engine) : DockerWorkspaceContract(engine, EngineFixture.Python);

/// <summary>In a container each, of an image without a Python.</summary>
[Collection(EngineCollection.Name)]
public sealed class ProgramWorkspaceTests(EngineFixture engine) : DockerWorkspaceContract(engine, EngineFixture.Shell);
