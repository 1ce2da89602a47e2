using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Environments;
using Executor.Runners.Plans;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

/// <summary>Starts the interpreters of sessions, on every runner there is. Safe to call from many threads.</summary>
/// <param name="catalog">The runtimes there are.</param>
/// <param name="probe">Finds their interpreters on this machine.</param>
/// <param name="backends">Where they can run.</param>
/// <param name="defaults">What holds for sessions that don't say. Its <c>cpu_time</c> is one task's and doesn't count; its ceilings do.</param>
/// <param name="time">The clock.</param>
/// <param name="environments">Installs the packages that sessions ask for; null: those that ask for any can't be started.</param>
public sealed class InterpreterLauncher(
    RuntimeCatalog catalog, RuntimeProbe probe, RunnerBackends backends, TaskRunnerDefaults defaults, TimeProvider time, RuntimeEnvironments? environments = null)
{
    /// <summary>Seconds of CPU time that stand for no limit: 31 years.</summary>
    public const double NoCpuTimeLimit = 1_000_000_000;

    private static readonly TaskLimits Assumed = new() { CpuTime = NoCpuTimeLimit };
    private readonly TaskPlaces _places = new(probe, backends, defaults, environments);

    /// <summary>Tells everything about a session that can't be started here, whoever holds it: a language without sessions, files that can't be laid out.</summary>
    /// <returns>The faults; empty when there are none.</returns>
    public IReadOnlyList<ValidationFault> Check(SessionSpec spec) => Check(spec, out _);

    /// <summary>Starts an interpreter. <see cref="SessionSpec.Startup"/> is for the caller to execute.</summary>
    /// <param name="spec">What is asked for.</param>
    /// <param name="codeExecutor">The code executor that holds it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="InvalidInputException">The spec can't be accepted.</exception>
    /// <exception cref="RunnerException">It could not be started; the message says why.</exception>
    public async Task<IInterpreter> StartAsync(SessionSpec spec, CodeExecutorOptions codeExecutor, CancellationToken cancellationToken)
    {
        List<ValidationFault> faults = Check(spec, out RuntimeDefinition? runtime);
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }

        try
        {
            return await StartOnLiveAgentAsync(spec, runtime!, codeExecutor, cancellationToken);
        }
        catch (RuntimeEnvironmentException failed)
        {
            throw new RunnerException(failed.ErrorType, failed.Message, failed);
        }
    }

    private List<ValidationFault> Check(SessionSpec spec, out RuntimeDefinition? runtime)
    {
        List<ValidationFault> faults = [];
        runtime = catalog.Find(spec.Language);
        if (runtime is null)
        {
            faults.Add(new ValidationFault("language", catalog.DescribeUnknown(spec.Language)));
        }
        else if (!SessionDriver.Knows(runtime))
        {
            string able = string.Join(", ", catalog.All.Where(SessionDriver.Knows).Select(other => other.Name));
            faults.Add(new ValidationFault("language", $"{runtime.Name} has no sessions; these have: {able}"));
        }

        _ = new PlannedFiles(spec.ToTask("") with { Code = null }, runtime, faults);
        return faults;
    }

    /// <summary>An agent may die while it waits for work, unnoticed until then.</summary>
    private async Task<IInterpreter> StartOnLiveAgentAsync(
        SessionSpec spec, RuntimeDefinition runtime, CodeExecutorOptions codeExecutor, CancellationToken cancellationToken)
    {
        try
        {
            return await StartOnceAsync(spec, runtime, codeExecutor, cancellationToken);
        }
        catch (RunnerException lost) when (lost.ErrorType == TaskErrorTypes.AgentLost)
        {
            return await StartOnceAsync(spec, runtime, codeExecutor, cancellationToken);
        }
    }

    private async Task<IInterpreter> StartOnceAsync(
        SessionSpec spec, RuntimeDefinition runtime, CodeExecutorOptions codeExecutor, CancellationToken cancellationToken)
    {
        TaskSpec task = spec.ToTask("");
        TaskPlace place = await _places.ChooseAsync(task, runtime, codeExecutor, cancellationToken, Assumed);
        IWorkspace? workspace = null;
        try
        {
            ExecutionPlan plan = ExecutionPlanner.PlanSession(task, runtime, place.Interpreter!, place.Limits, SessionDriver.Python);
            workspace = await place.OpenAsync(plan, cancellationToken);
            await workspace.PutAsync(plan.Files, cancellationToken);
            var process = new ProcessSpec
            {
                Argv = plan.Run.Argv,
                Env = plan.Run.Env,
                // What is printed is bounded for each execution; here it would be for the session's life.
                Limits = place.Limits with { OutputKb = int.MaxValue },
                HasInput = true,
                MayBeWarm = plan.MayBeWarm,
                Answers = true,
                Output = (_, _, _) => ValueTask.CompletedTask,
            };
            InterpreterProcess first = await InterpreterProcess.StartAsync(workspace, process, time, cancellationToken);
            return new Interpreter(
                new InterpreterPlace(runtime.Name, codeExecutor.Kind, codeExecutor.Name, place.Limits, spec.Timeout ?? codeExecutor.Timeout),
                place, workspace, process, first, defaults.StopGrace, time);
        }
        catch
        {
            if (workspace is not null)
            {
                await workspace.DisposeAsync();
            }

            place.Dispose();
            throw;
        }
    }
}
