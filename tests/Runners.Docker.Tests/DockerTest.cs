using Docker.DotNet;
using Docker.DotNet.Models;
using Executor.Executors;
using Executor.Runners.Docker.Engine;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

using TaskSpec = Executor.Tasks.TaskSpec;

namespace Executor.Runners.Docker.Tests;

/// <summary>A test on the shared engine, with a backend of its own that leaves nothing behind.</summary>
[Collection(EngineCollection.Name)]
public abstract class DockerTest : IAsyncLifetime
{
    private readonly EngineFixture _engine;
    private DockerRunner? _docker;

    protected DockerTest(EngineFixture engine) => _engine = engine;

    protected static DockerCodeExecutorOptions Python { get; } = new() { Name = "py", Image = EngineFixture.Python };

    protected static DockerCodeExecutorOptions Shell { get; } = new() { Name = "sh", Image = EngineFixture.Shell };

    private protected DockerRunner Docker => _docker ??= DockerRunner.On(_engine.Endpoint);

    protected Uri Endpoint => _engine.Endpoint;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_docker is not null)
        {
            await _docker.DisposeAsync();
            Assert.Empty(await LeftAsync(Endpoint));
        }
    }

    protected static TaskSpec Code(string python) => new() { Language = "python", Code = python };

    protected static TaskSpec Command(params string[] command) => new() { Command = command };

    protected static void Completed(TaskResult result) =>
        Assert.True(result.Success, $"{result.Status} {result.ExitCode} {result.Error} stdout: {result.Stdout} stderr: {result.Stderr}");

    /// <summary>Asks the engine itself.</summary>
    protected Task<T> AskAsync<T>(Func<DockerClient, Task<T>> ask) => AskAsync(Endpoint, ask);

    /// <summary>Names of the containers and volumes of Executor's that an engine has.</summary>
    internal static Task<List<string>> LeftAsync(Uri endpoint) => AskAsync(endpoint, async client =>
    {
        IList<ContainerListResponse> containers = await client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Ownership.Filter });
        VolumesListResponse volumes = await client.Volumes.ListAsync(new VolumesListParameters { Filters = Ownership.Filter });
        return containers.Select(container => container.Names[0]).Concat((volumes.Volumes ?? []).Select(volume => volume.Name)).ToList();
    });

    internal static async Task<T> AskAsync<T>(Uri endpoint, Func<DockerClient, Task<T>> ask)
    {
        using DockerClient client = new DockerClientBuilder().WithEndpoint(endpoint).Build();
        return await ask(client);
    }
}
