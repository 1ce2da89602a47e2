using Executor.Execution;
using Executor.Scheduling;
using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine;

/// <summary>Results of tasks that end without their executor's report.</summary>
internal static class EndedResults
{
    /// <summary>Cancelled before it ran, or by force.</summary>
    public static TaskResult Cancelled(TaskSpec spec, TaskLifecycle state, DateTimeOffset now) => Result(
        spec, state, now, ExecutionStatus.Cancelled, TaskError.Cancelled);

    /// <summary>It waited too long.</summary>
    public static TaskResult QueueTimeout(TaskSpec spec, TaskLifecycle state, DateTimeOffset now) => Result(
        spec,
        state,
        now,
        ExecutionStatus.Failed,
        new TaskError
        {
            Type = TaskErrorTypes.QueueTimeout,
            Message = FormattableString.Invariant($"the task did not start within its queue_timeout of {spec.QueueTimeout?.TotalSeconds:0.###} s"),
        });

    /// <summary>A parent did not complete.</summary>
    public static TaskResult DependencyFailed(TaskSpec spec, TaskLifecycle state, DateTimeOffset now, DependencyFailure failure) =>
        Result(spec, state, now, ExecutionStatus.Failed, failure.ToError());

    /// <summary>Its executors went away too often.</summary>
    public static TaskResult Lost(TaskSpec spec, TaskLifecycle state, DateTimeOffset now) => Result(
        spec,
        state,
        now,
        ExecutionStatus.Failed,
        new TaskError
        {
            Type = TaskErrorTypes.ExecutorLost,
            Message = $"executor '{state.ExecutorId}' went away while it ran the task, and {state.LossRetries} times before another one did",
        });

    /// <summary>A reported result as it ends the task: what was cancelled and did not succeed is CANCELLED.</summary>
    public static TaskResult Reported(TaskResult reported, LiveTask task, int attempt, string executorId, ExecutionStatus status) => reported with
    {
        TaskId = task.TaskId,
        Attempt = attempt,
        ExecutorId = executorId,
        Status = status,
        Name = reported.Name ?? task.Spec?.Name,
        Details = reported.Details ?? task.Spec?.Details,
        Error = status == ExecutionStatus.Cancelled && reported.Status != ExecutionStatus.Cancelled
            ? TaskError.Cancelled
            : reported.Error,
    };

    /// <summary>A stored result of the same work as this task's own.</summary>
    public static TaskResult Cached(TaskResult stored, TaskSpec spec, DateTimeOffset now) => stored with
    {
        Id = Guid.CreateVersion7(),
        TaskId = spec.TaskId!,
        Name = spec.Name,
        Details = spec.Details,
        Attempt = 1,
        Cached = true,
        StartTimeMs = now.ToUnixTimeMilliseconds(),
        EndTimeMs = now.ToUnixTimeMilliseconds(),
        DurationSec = 0,
    };

    private static TaskResult Result(TaskSpec spec, TaskLifecycle state, DateTimeOffset now, ExecutionStatus status, TaskError error) => new()
    {
        TaskId = spec.TaskId!,
        Name = spec.Name,
        Details = spec.Details,
        Attempt = state.Attempt,
        Status = status,
        EndTimeMs = now.ToUnixTimeMilliseconds(),
        ExecutorId = state.ExecutorId,
        Error = error,
    };
}
