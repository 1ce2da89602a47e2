using Executor.Limits;
using Executor.Runners.Environments;
using Executor.Runners.Plans;
using Executor.Runners.Plans.Errors;
using Executor.Runners.Probing;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Runs tasks on a backend: everything that is the same on this machine, in Docker and over SSH.</summary>
/// <param name="catalog">The runtimes there are.</param>
/// <param name="probe">Finds their interpreters on this machine.</param>
/// <param name="backends">Where tasks can run.</param>
/// <param name="defaults">What holds for tasks that don't say.</param>
/// <param name="time">The clock.</param>
/// <param name="environments">Installs the packages that tasks ask for; null: tasks that ask for any fail.</param>
public sealed class TaskRunner(
    RuntimeCatalog catalog, RuntimeProbe probe, RunnerBackends backends, TaskRunnerDefaults defaults, TimeProvider time, RuntimeEnvironments? environments = null)
{
    private readonly TaskPlaces _places = new(probe, backends, defaults, environments);

    /// <summary>Runs a task to its end. Cancelling gives a CANCELLED result with what was printed; nothing is thrown for what the task does.</summary>
    public async Task<TaskResult> RunAsync(TaskSpec task, TaskRunOptions options, CancellationToken cancellationToken)
    {
        var result = new TaskResult
        {
            TaskId = task.TaskId ?? Guid.CreateVersion7().ToString(),
            Status = ExecutionStatus.Running,
            StartTimeMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            ExecutorType = options.CodeExecutor.Kind,
            ExecutorId = options.ExecutorId,
            ConfigId = options.CodeExecutor.Name,
            Name = task.Name,
            Hostname = Environment.MachineName,
            Attempt = options.Attempt,
            Details = task.Details,
        };
        long started = time.GetTimestamp();
        try
        {
            result = await RunOnLiveAgentAsync(task, options, result, cancellationToken);
        }
        catch (InvalidTaskException invalid)
        {
            result = Failed(result, TaskErrorTypes.InvalidTask, invalid.Message);
        }
        catch (RunnerException failed)
        {
            result = Failed(result, failed.ErrorType, failed.Message);
        }
        catch (Exception failed) when (HostExhaustion.IsMeantBy(failed))
        {
            result = Failed(result, TaskErrorTypes.HostExhausted, HostExhaustion.Of(failed.Message).Message);
        }
        catch (RuntimeEnvironmentException failed)
        {
            result = Failed(result, failed.ErrorType, failed.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = Cancelled(result);
        }

        return result with
        {
            EndTimeMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            DurationSec = Math.Round(time.GetElapsedTime(started).TotalSeconds, 6),
        };
    }

    /// <summary>An agent may die while it waits for work, unnoticed until then: a task that has shown nothing yet gets another one.</summary>
    private async Task<TaskResult> RunOnLiveAgentAsync(TaskSpec task, TaskRunOptions options, TaskResult result, CancellationToken cancellationToken)
    {
        bool shown = false;
        TaskRunOptions watched = options with
        {
            Live = (stream, data, token) =>
            {
                shown = true;
                return options.Live?.Invoke(stream, data, token) ?? ValueTask.CompletedTask;
            },
        };
        try
        {
            return await RunCoreAsync(task, watched, result, cancellationToken);
        }
        catch (RunnerException lost) when (lost.ErrorType == TaskErrorTypes.AgentLost && !shown && options.Input is null)
        {
            return await RunCoreAsync(task, watched, result, cancellationToken);
        }
    }

    private async Task<TaskResult> RunCoreAsync(TaskSpec task, TaskRunOptions options, TaskResult result, CancellationToken cancellationToken)
    {
        IReadOnlyList<ValidationFault> faults = ExecutionPlanner.Choose(task, catalog, out RuntimeDefinition? runtime);
        if (faults.Count > 0)
        {
            throw new InvalidTaskException(faults);
        }

        result = result with { RuntimeId = runtime?.Name };
        using TaskPlace place = await _places.ChooseAsync(task, runtime, options.CodeExecutor, cancellationToken);
        EffectiveLimits limits = place.Limits;
        ExecutionPlan plan = ExecutionPlanner.Plan(task, runtime, place.Interpreter, limits, place.CompileLimits);
        TimeSpan timeout = task.Timeout ?? options.CodeExecutor.Timeout;
        await using IWorkspace workspace = await place.OpenAsync(plan, cancellationToken);
        await workspace.PutAsync(plan.Files, cancellationToken);

        if (plan.Compile is not null)
        {
            result = await CompileAsync(workspace, plan.Compile, runtime!, result, cancellationToken);
            if (result.Error is not null)
            {
                return result;
            }
        }

        var capture = new OutputCapture(limits.OutputKb, options.Live, options.KeptOutputKb);
        var spec = new ProcessSpec
        {
            Argv = plan.Run.Argv,
            Env = plan.Run.Env,
            Limits = limits,
            HasInput = task.Stdin?.Length > 0 || (task.Stdin is null && options.Input is not null),
            MayBeWarm = plan.MayBeWarm,
            MergeOutput = task.MergeOutput,
            Output = capture.ReceiveAsync,
        };
        StageEnd end = await StageRun.RunAsync(workspace, spec, InputOf(task, options), timeout, defaults.StopGrace, time, cancellationToken);
        result = result with
        {
            ExitCode = end.Exit.StartError is null ? end.Exit.ExitCode : null,
            Signal = end.Exit.Signal is int number ? SignalNames.Of(number) : null,
            Stdout = capture.Stdout,
            Stderr = capture.Stderr,
            OutputTruncated = capture.Truncated,
            TimedOut = end.Reason == StageEndReason.TimedOut,
            OomKilled = end.Exit.OomKilled,
            CpuTimeSec = end.Exit.CpuTimeSec,
            PeakMemoryMb = end.Exit.PeakMemoryMb,
        };
        result = await CollectAsync(workspace, task, result, cancellationToken);
        CallableOutcome? outcome = plan.ResultFile is not null && end is { Reason: StageEndReason.Ended, Exit.Signal: null }
            ? await ReadOutcomeAsync(workspace, plan.ResultFile, end.Exit.ExitCode, cancellationToken)
            : null;
        return Verdict.Of(result, end, timeout, limits, runtime, outcome, task.MergeOutput);
    }

    private async Task<TaskResult> CompileAsync(
        IWorkspace workspace, PlannedStage stage, RuntimeDefinition runtime, TaskResult result, CancellationToken cancellationToken)
    {
        var capture = new OutputCapture(stage.Limits.OutputKb, live: null);
        long started = time.GetTimestamp();
        var spec = new ProcessSpec { Argv = stage.Argv, Env = stage.Env, Limits = stage.Limits, Output = capture.ReceiveAsync };
        StageEnd end = await StageRun.RunAsync(workspace, spec, input: null, runtime.CompileTimeout, defaults.StopGrace, time, cancellationToken);
        result = result with
        {
            Compile = new StageResult
            {
                ExitCode = end.Exit.ExitCode,
                Stdout = capture.Stdout,
                Stderr = capture.Stderr,
                DurationSec = Math.Round(time.GetElapsedTime(started).TotalSeconds, 6),
            },
        };
        return Verdict.OfCompile(result, end, runtime.CompileTimeout, stage.Limits);
    }

    private async Task<TaskResult> CollectAsync(IWorkspace workspace, TaskSpec task, TaskResult result, CancellationToken cancellationToken)
    {
        if (task.Artifacts is not { Count: > 0 })
        {
            return result;
        }

        CollectedFiles collected = await workspace.GetAsync(task.Artifacts, (long)defaults.ArtifactsMb << 20, cancellationToken);
        return result with
        {
            Artifacts = collected.Files
                .Where(file => !file.Key.StartsWith($"{ExecutionPlan.OwnFolder}/", StringComparison.Ordinal))
                .ToDictionary(file => file.Key, file => TaskFile.FromBytes(file.Value)),
            ArtifactsSkipped = collected.Skipped.Count == 0 ? null : collected.Skipped,
        };
    }

    /// <summary>The call's outcome; null when the program failed without leaving one, and its own end says why.</summary>
    private static async Task<CallableOutcome?> ReadOutcomeAsync(IWorkspace workspace, string path, int exitCode, CancellationToken cancellationToken)
    {
        // One byte more than is read: a file that is too large is then told as such.
        CollectedFiles collected = await workspace.GetAsync([path], CallableOutcome.MaxBytes + 1L, cancellationToken);
        return collected.Files.TryGetValue(path, out byte[]? bytes) ? CallableOutcome.Parse(bytes)
            : exitCode == 0 ? CallableOutcome.NotWritten(exitCode)
            : null;
    }

    private static Stream? InputOf(TaskSpec task, TaskRunOptions options) => task.Stdin switch
    {
        null => options.Input,
        "" => null,
        _ => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(task.Stdin), writable: false),
    };

    private static TaskResult Failed(TaskResult result, string type, string message) =>
        result with { Status = ExecutionStatus.Failed, Error = new TaskError { Type = type, Message = message } };

    private static TaskResult Cancelled(TaskResult result) =>
        result with
        {
            Status = ExecutionStatus.Cancelled,
            Error = TaskError.Cancelled,
        };
}
