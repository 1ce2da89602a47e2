using Executor.Executors;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Ssh.Tests;

/// <summary>A task runner over SSH, put together as a host does it.</summary>
internal sealed class SshRunner : IAsyncDisposable
{
    private readonly RunnerBackends _backends = new();
    private readonly TaskRunner _runner;
    private readonly CodeExecutorOptions _executor;
    private readonly bool _sandboxed;

    public SshRunner(CodeExecutorOptions executor, RuntimeCatalog? catalog = null, bool sandboxed = true, TimeProvider? time = null)
    {
        (_executor, _sandboxed) = (executor, sandboxed);
        Backend = new SshBackend(new SandboxOptions(), NullLogger<SshBackend>.Instance, time ?? TimeProvider.System);
        _backends.Add(Backend);
        _runner = new TaskRunner(catalog ?? RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, _backends, new TaskRunnerDefaults(), TimeProvider.System);
    }

    public SshBackend Backend { get; }

    public Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        _runner.RunAsync(
            task with { UseSandbox = _sandboxed }, new TaskRunOptions { CodeExecutor = _executor, Live = live, Input = input }, cancellationToken);

    public Task<TaskResult> RunAsync(string python) => RunAsync(new TaskSpec { Language = "python", Code = python });

    public ValueTask DisposeAsync() => _backends.DisposeAsync();
}
