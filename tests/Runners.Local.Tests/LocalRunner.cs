using Executor.Executors;
using Executor.Runners.Environments;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests;

/// <summary>A task runner on this machine, put together as a host does it.</summary>
internal sealed class LocalRunner : IAsyncDisposable
{
    private readonly RunnerBackends _backends;
    private readonly TaskRunner _runner;
    private readonly bool _sandboxed;

    private LocalRunner(bool sandboxed, RuntimeCatalog catalog, SandboxOptions? options = null, RuntimeEnvironments? environments = null)
    {
        _sandboxed = sandboxed;
        _backends = new RunnerBackends()
            .Add(new SandboxBackend(options ?? new SandboxOptions()))
            .Add(new PlainBackend(), sandboxed: false);
        _runner = new TaskRunner(catalog, RuntimeProbe.Shared, _backends, new TaskRunnerDefaults(), TimeProvider.System, environments);
    }

    public static LocalRunner Sandboxed(SandboxOptions? options = null, RuntimeEnvironments? environments = null) =>
        new(sandboxed: true, RuntimeCatalog.BuiltIn, options, environments);

    /// <summary>In the sandbox, with every interpreter started anew for its task.</summary>
    public static LocalRunner Cold(RuntimeEnvironments? environments = null) => new(sandboxed: true, Unwarmed("python", "node"), environments: environments);

    public static LocalRunner Plain(RuntimeEnvironments? environments = null) => new(sandboxed: false, RuntimeCatalog.BuiltIn, environments: environments);

    public Task<TaskResult> RunAsync(
        TaskSpec task, OutputReceiver? live = null, Stream? input = null, string? python = null, CancellationToken cancellationToken = default) =>
        _runner.RunAsync(
            task with { UseSandbox = _sandboxed },
            new TaskRunOptions { CodeExecutor = LocalCodeExecutorOptions.Default with { CodeExecutorPath = python }, Live = live, Input = input },
            cancellationToken);

    public ValueTask DisposeAsync() => _backends.DisposeAsync();

    private static RuntimeCatalog Unwarmed(params string[] names) =>
        RuntimeCatalog.TryCreate(names.ToDictionary(name => name, _ => new RuntimeOverride { Warm = WarmKind.None }), out RuntimeCatalog? catalog, out IReadOnlyList<ValidationFault> faults)
            ? catalog
            : throw new InvalidTaskException(faults);
}
