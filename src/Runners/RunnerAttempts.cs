using System.Globalization;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Runs attempts on this host's runners.</summary>
/// <param name="executorId">The executor whose attempts they are.</param>
/// <param name="executors">The code executors there are.</param>
/// <param name="runner">Runs them.</param>
public sealed class RunnerAttempts(string executorId, IReadOnlyList<CodeExecutorOptions> executors, TaskRunner runner)
{
    /// <summary>An <see cref="AttemptHandler"/>.</summary>
    public Task<TaskResult> RunAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        TaskSpec task = WithDevices(assignment);
        return CodeExecutorChoice.Find(executors, task) is CodeExecutorOptions chosen
            ? runner.RunAsync(
                task,
                new TaskRunOptions { CodeExecutor = chosen, Live = live, ExecutorId = executorId, Attempt = assignment.Attempt },
                cancellationToken)
            : throw new RunnerException(
                TaskErrorTypes.RunnerFailed,
                $"Executor '{executorId}' has no code executor for the task (executor '{task.Executor}', runner {task.Runner}).");
    }

    /// <summary>GPUs are told to the program as CUDA and Docker know them; without any it must not find those of others.</summary>
    private static TaskSpec WithDevices(TaskAssignment assignment)
    {
        TaskSpec task = assignment.Spec;
        if (assignment.GpuDevices.Count == 0)
        {
            return task;
        }

        Dictionary<string, string> env = new(task.Env ?? new Dictionary<string, string>())
        {
            ["CUDA_VISIBLE_DEVICES"] = string.Join(',', assignment.GpuDevices.Select(device => device.ToString(CultureInfo.InvariantCulture))),
        };
        return task with { Env = env };
    }
}
