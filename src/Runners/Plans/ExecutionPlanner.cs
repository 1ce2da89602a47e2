using Executor.Limits;
using Executor.Runners.Plans.Sources;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Plans;

/// <summary>
/// Makes plans of tasks. Pure: it looks at nothing but its arguments. First <see cref="Choose"/> tells the runtime, then (when its
/// interpreter and the limits are known) <see cref="Plan"/> makes the plan.
/// </summary>
public static class ExecutionPlanner
{
    /// <summary>
    /// Tells a task's runtime (null for a command) and everything about the task that no runtime of the catalogue can do:
    /// an unknown language, a script that isn't among the files, a callable in a language that can't be called into, ….
    /// </summary>
    /// <returns>The faults; empty when the task can be planned.</returns>
    public static IReadOnlyList<ValidationFault> Choose(TaskSpec task, RuntimeCatalog catalog, out RuntimeDefinition? runtime)
    {
        var faults = new List<ValidationFault>();
        runtime = RuntimeChoice.Of(task, catalog, faults);
        _ = new PlannedFiles(task, runtime, faults);
        if (task.Callable is not null || task.Entrypoint is not null)
        {
            CallTarget.Check(task, runtime, catalog, faults);
        }

        // Without a runtime there is a fault already, but for a command.
        if (task.RuntimeEnv?.Packages is { Count: > 0 } && runtime?.Family != "python" && (runtime is not null || task.Command is not null))
        {
            faults.Add(new ValidationFault("runtime_env.packages", $"only Python tasks can have packages; this is a {runtime?.Name ?? "command"}{(runtime is null ? "" : " task")}"));
        }

        return faults;
    }

    /// <summary>Plans a task.</summary>
    /// <param name="task">A task that <see cref="Choose"/> found no fault with.</param>
    /// <param name="runtime">The runtime that it chose; null for a command.</param>
    /// <param name="interpreter">The interpreter: a path, or a name the workspace finds on its PATH. Null only for a command.</param>
    /// <param name="limits">The run stage's limits.</param>
    /// <param name="compileLimits">The compile stage's limits.</param>
    /// <exception cref="InvalidTaskException">The task can't be planned with this runtime.</exception>
    public static ExecutionPlan Plan(TaskSpec task, RuntimeDefinition? runtime, string? interpreter, EffectiveLimits limits, EffectiveLimits compileLimits)
    {
        var faults = new List<ValidationFault>();
        var files = new PlannedFiles(task, runtime, faults);
        CallTarget? call = CallTarget.Of(task, files.Source);
        if (faults.Count > 0)
        {
            throw new InvalidTaskException(faults);
        }

        if (runtime is null)
        {
            IReadOnlyList<string> command = task.Command ?? throw new ArgumentNullException(nameof(runtime), "Only a command has no runtime.");
            return new ExecutionPlan
            {
                Files = files.Files,
                Run = new PlannedStage([.. command, .. task.Args ?? []], PlannedEnvironment.Of(task, null, null, null), limits),
            };
        }

        ArgumentNullException.ThrowIfNull(interpreter);
        var sources = new SourceSet(files.Source, files.Files, runtime);
        CommandTemplate Template(EffectiveLimits stageLimits) => new(interpreter, sources, stageLimits, runtime.Flags, task.Args ?? []);
        PlannedStage Stage(IReadOnlyList<string> command, EffectiveLimits stageLimits)
        {
            CommandTemplate template = Template(stageLimits);
            return new PlannedStage(template.Fill(command), PlannedEnvironment.Of(task, runtime, interpreter, template), stageLimits);
        }

        if (call is not null)
        {
            CallHarness? harness = call.Function is null ? null : CallHarness.For(runtime);
            IReadOnlyList<string> start = harness is null ? call.MainCommand(runtime) : CallTarget.Command(runtime, harness.Script);
            return new ExecutionPlan
            {
                Runtime = runtime,
                Files = harness is null ? files.Files : [.. files.Files, .. harness.Files(call, task.Params)],
                Run = Stage(start, limits),
                MayBeWarm = harness is not null && WarmRule.Allows(task, runtime, start),
                WarmOptions = Template(limits).Fill(WarmRule.Options(runtime, start)),
                ResultFile = harness is null ? null : CallHarness.ResultFile,
            };
        }

        return new ExecutionPlan
        {
            Runtime = runtime,
            Files = runtime.Compile is null ? files.Files : [.. files.Files, new WorkspaceFile($"{ExecutionPlan.OwnFolder}/.keep", ReadOnlyMemory<byte>.Empty), .. sources.Copies, .. CSharpProject.Of(sources, runtime)],
            Compile = runtime.Compile is null ? null : Stage(CSharpProject.Command(runtime.Compile, sources, runtime), compileLimits),
            Run = Stage(runtime.Run, limits),
            MayBeWarm = runtime.Compile is null && WarmRule.Allows(task, runtime, runtime.Run),
            WarmOptions = Template(limits).Fill(WarmRule.Options(runtime, runtime.Run)),
        };
    }

    /// <summary>Plans a session: a program of ours, started where a task that asks for the same would be, beside its files.</summary>
    /// <param name="task">A task whose code is not used.</param>
    /// <param name="runtime">Its runtime.</param>
    /// <param name="interpreter">The interpreter, as in <see cref="Plan"/>.</param>
    /// <param name="limits">The limits of all its processes.</param>
    /// <param name="driver">The program, in <see cref="ExecutionPlan.OwnFolder"/>.</param>
    internal static ExecutionPlan PlanSession(TaskSpec task, RuntimeDefinition runtime, string interpreter, EffectiveLimits limits, WorkspaceFile driver)
    {
        var faults = new List<ValidationFault>();
        var files = new PlannedFiles(task with { Code = null }, runtime, faults);
        if (faults.Count > 0)
        {
            throw new InvalidTaskException(faults);
        }

        IReadOnlyList<string> command = CallTarget.Command(runtime, driver.Path);
        var template = new CommandTemplate(interpreter, new SourceSet(driver.Path, [driver], runtime), limits, runtime.Flags, []);
        return new ExecutionPlan
        {
            Runtime = runtime,
            Files = [.. files.Files, driver],
            Run = new PlannedStage(template.Fill(command), PlannedEnvironment.Of(task, runtime, interpreter, template), limits),
            MayBeWarm = WarmRule.Allows(task, runtime, command),
        };
    }
}
