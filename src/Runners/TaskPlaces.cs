using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Environments;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Chooses and prepares the place where a task, or a session that asks for the same as a task, is run.</summary>
/// <param name="probe">Finds their interpreters on this machine.</param>
/// <param name="backends">Where tasks can run.</param>
/// <param name="defaults">What holds for tasks that don't say.</param>
/// <param name="environments">Installs the packages that tasks ask for; null: tasks that ask for any fail.</param>
internal sealed class TaskPlaces(
    RuntimeProbe probe, RunnerBackends backends, TaskRunnerDefaults defaults, RuntimeEnvironments? environments)
{
    /// <summary>Finds what the task needs, and decides its limits.</summary>
    /// <param name="task">A task without fault.</param>
    /// <param name="runtime">Its runtime; null for a command.</param>
    /// <param name="executor">The code executor to run it with.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="assumed">Limits that hold where neither the task nor the code executor says otherwise; null: the runtime's and the configuration's.</param>
    /// <exception cref="InvalidTaskException">Its packages can't be installed there.</exception>
    /// <exception cref="RunnerException">There is no such runner or runtime here.</exception>
    /// <exception cref="RuntimeEnvironmentException">Its packages can't be had.</exception>
    public async Task<TaskPlace> ChooseAsync(
        TaskSpec task, RuntimeDefinition? runtime, CodeExecutorOptions executor, CancellationToken cancellationToken, TaskLimits? assumed = null)
    {
        IRunnerBackend backend = backends.For(executor.Kind, task.UseSandbox);
        ProbeResult? found = runtime is null ? null : await FindAsync(backend, runtime, executor, cancellationToken);
        EffectiveLimits limits = LimitResolver.Resolve(defaults.Ceiling, task.Limits, executor.Limits, assumed, runtime?.Limits, defaults.Limits);
        // The compiler is ours, not the task's: its limits are the runtime's, but both stages share one disk and one network.
        EffectiveLimits compileLimits = LimitResolver.Resolve(null, runtime?.CompileLimits, defaults.Limits) with
        {
            DiskMb = limits.DiskMb,
            Network = limits.Network,
        };
        EnvironmentLease? environment = await RentAsync(task, runtime, executor, backend, cancellationToken);
        return new TaskPlace(task, executor, backend, runtime, found, environment, limits, compileLimits);
    }

    private async Task<ProbeResult> FindAsync(IRunnerBackend backend, RuntimeDefinition runtime, CodeExecutorOptions executor, CancellationToken cancellationToken)
    {
        // code_executor_path is the path of a Python; other languages keep their own interpreters.
        string? path = runtime.Family == "python" ? executor.CodeExecutorPath : null;
        ProbeResult found = backend is IInterpreterFinder finder
            ? await finder.FindAsync(runtime, path, executor, cancellationToken)
            : await probe.FindAsync(runtime, path, cancellationToken);
        return found.Found
            ? found
            : throw new RunnerException(TaskErrorTypes.RuntimeUnavailable, $"{runtime.Name} can't be used here: {found.Problem}. To get it: {found.InstallHint}");
    }

    /// <summary>The environment that has the task's packages; null when it asks for none.</summary>
    private async Task<EnvironmentLease?> RentAsync(
        TaskSpec task, RuntimeDefinition? runtime, CodeExecutorOptions executor, IRunnerBackend backend, CancellationToken cancellationToken)
    {
        const string field = "runtime_env.packages";
        if (task.RuntimeEnv?.Packages is not { Count: > 0 } packages)
        {
            return null;
        }

        if (backend.Capabilities.IsElsewhere || environments is null)
        {
            throw new InvalidTaskException([new ValidationFault(field, "can't be installed here; use the localhost runner, or an image or host that has them")]);
        }

        List<ValidationFault> faults = [];
        TaskSpecValidator.CheckPackages(packages, field, faults);
        return faults.Count == 0
            ? await environments.RentAsync(new EnvironmentRequest(runtime!, executor, packages), cancellationToken)
            : throw new InvalidTaskException(faults);
    }
}
