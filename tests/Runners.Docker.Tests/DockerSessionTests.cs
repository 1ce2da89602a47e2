using Executor.Configuration;
using Executor.Runners.ContractTests;
using Executor.Runners.Docker.Tests.Engine;

namespace Executor.Runners.Docker.Tests;

/// <summary>The contract of sessions on a Docker engine.</summary>
[Needs(typeof(Dockerd))]
[Collection(EngineCollection.Name)]
public sealed class DockerSessionTests : SessionContract
{
    private readonly EngineFixture _engine;

    public DockerSessionTests(EngineFixture engine)
    {
        _engine = engine;
        Backends = new RunnerBackends().Add(new DockerBackend(TimeProvider.System, engine.Endpoint));
    }

    protected override RunnerBackends Backends { get; }

    protected override CodeExecutorOptions CodeExecutor { get; } = new DockerCodeExecutorOptions { Name = "docker_python", Image = EngineFixture.Python };

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Backends.DisposeAsync();
        Assert.Empty(await DockerTest.LeftAsync(_engine.Endpoint));
    }

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.CommandLines();
}
