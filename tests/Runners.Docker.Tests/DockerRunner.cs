using Executor.Executors;
using Executor.Runners.Docker.Options;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests;

/// <summary>A task runner on a Docker engine, put together as a host does it.</summary>
internal sealed class DockerRunner : IAsyncDisposable
{
    private readonly RunnerBackends _backends;
    private readonly TaskRunner _runner;

    private DockerRunner(Uri endpoint)
    {
        Backend = new DockerBackend(TimeProvider.System, endpoint);
        _backends = new RunnerBackends().Add(Backend);
        _runner = new TaskRunner(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, _backends, new TaskRunnerDefaults(), TimeProvider.System);
    }

    public static DockerRunner On(Uri endpoint) => new(endpoint);

    public DockerBackend Backend { get; }

    public Task<TaskResult> RunAsync(
        TaskSpec task, DockerCodeExecutorOptions executor, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        _runner.RunAsync(task, new TaskRunOptions { CodeExecutor = executor, Live = live, Input = input }, cancellationToken);

    public ValueTask DisposeAsync() => _backends.DisposeAsync();
}
