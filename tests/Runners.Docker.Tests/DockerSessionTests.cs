using Docker.DotNet.Models;
using Executor.Executors;
using Executor.Runners.ContractTests;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>The contract of sessions on a Docker engine.</summary>
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

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Backends.DisposeAsync();
        Assert.Empty(await DockerTest.LeftAsync(_engine.Endpoint));
    }

    [Fact]
    public async Task Session_whose_container_is_killed_is_gone()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "x = 1");
        foreach (string container in await DockerTest.LeftAsync(_engine.Endpoint))
        {
            await DockerTest.AskAsync(_engine.Endpoint, async client =>
            {
                await client.Containers.KillContainerAsync(container.TrimStart('/'), new ContainerKillParameters());
                return true;
            });
        }

        RunnerException lost = Assert.IsType<RunnerException>(await session.Gone.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.StartsWith(TaskErrorTypes.InfrastructurePrefix, lost.ErrorType, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunnerException>(() => ExecuteAsync(session, "x"));
    }

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.CommandLines();
}
