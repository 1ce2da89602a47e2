using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Environments;
using Executor.Runners.Plans;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Where a task is run: everything found and decided, nothing started. Its packages are kept until it is disposed of.</summary>
internal sealed class TaskPlace(
    TaskSpec task,
    CodeExecutorOptions executor,
    IRunnerBackend backend,
    RuntimeDefinition? runtime,
    ProbeResult? found,
    EnvironmentLease? environment,
    EffectiveLimits limits,
    EffectiveLimits compileLimits) : IDisposable
{
    /// <summary>The interpreter to plan with; null for a command.</summary>
    public string? Interpreter => environment?.Python ?? found?.Path;

    /// <summary>Limits of the run stage.</summary>
    public EffectiveLimits Limits => limits;

    /// <summary>Limits of the compile stage.</summary>
    public EffectiveLimits CompileLimits => compileLimits;

    /// <summary>Makes the working directory.</summary>
    /// <exception cref="RunnerException">Our own machinery failed.</exception>
    public Task<IWorkspace> OpenAsync(ExecutionPlan plan, CancellationToken cancellationToken) => backend.OpenAsync(
        new WorkspaceRequest(
            limits,
            found?.Path,
            plan.MayBeWarm ? runtime!.Warm : WarmKind.None,
            plan.Run.Env,
            [.. found?.ReadOnlyPaths ?? [], .. environment is null ? Array.Empty<string>() : [environment.Folder]],
            environment?.Folder,
            executor,
            task.UseSandbox,
            plan.WarmOptions),
        cancellationToken);

    public void Dispose() => environment?.Dispose();
}
