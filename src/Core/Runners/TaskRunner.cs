using Executor.Tasks;

namespace Executor.Runners;

/// <summary>Runs tasks on a backend: everything that is the same on this machine, in Docker and over SSH.</summary>
public sealed class TaskRunner
{
    /// <summary>Runs a task to its end. Cancelling gives a CANCELLED result with what was printed; nothing is thrown for what the task does.</summary>
    public Task<TaskResult> RunAsync(TaskSpec task, TaskRunOptions options, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
