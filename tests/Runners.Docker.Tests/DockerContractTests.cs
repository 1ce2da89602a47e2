using Executor.Executors;
using Executor.Runners.ContractTests;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>The runner contract on a Docker engine.</summary>
[Collection(EngineCollection.Name)]
public sealed class DockerContractTests(EngineFixture engine) : RunnerContract, IAsyncLifetime
{
    private static readonly DockerCodeExecutorOptions Executor = new() { Name = "docker_python", Image = EngineFixture.Python };
    private DockerRunner? _docker;

    public ValueTask InitializeAsync()
    {
        _docker = DockerRunner.On(engine.Endpoint);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _docker?.DisposeAsync() ?? ValueTask.CompletedTask;

    protected override Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        _docker!.RunAsync(task, Executor, live, input, cancellationToken);

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.CommandLines();
}
