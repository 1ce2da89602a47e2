using Executor.Tasks;
using Executor.Workflows;

namespace Executor.Engine.Board;

/// <summary>
/// Results of tasks that end without their executor's report, or of what it reported. Those of a task whose <see cref="BoardTask.Spec"/>
/// is not there lack its name and details, which <see cref="Describe"/> adds.
/// </summary>
internal static class EndedResults
{
    /// <summary>Cancelled before it ran, or by force.</summary>
    public static TaskResult Cancelled(BoardTask task, DateTimeOffset now) => Result(task, now, ExecutionStatus.Cancelled, TaskError.Cancelled);

    /// <summary>It waited too long.</summary>
    public static TaskResult QueueTimeout(BoardTask task, DateTimeOffset now) => Failed(
        task,
        now,
        TaskErrorTypes.QueueTimeout,
        FormattableString.Invariant($"the task did not start within its queue_timeout of {(task.ExpiresAt - task.SubmittedAt)?.TotalSeconds:0.###} s"));

    /// <summary>A parent did not complete.</summary>
    public static TaskResult DependencyFailed(BoardTask task, DateTimeOffset now, DependencyFailure failure) =>
        Result(task, now, ExecutionStatus.Failed, failure.ToError());

    /// <summary>Its executors went away too often.</summary>
    public static TaskResult Lost(BoardTask task, DateTimeOffset now) => Failed(
        task,
        now,
        TaskErrorTypes.ExecutorLost,
        $"executor '{task.State.ExecutorId}' went away while it ran the task, and {task.State.LossRetries} times before another one did");

    /// <summary>A reported result as it ends the task: what was cancelled and did not succeed is CANCELLED.</summary>
    public static TaskResult Reported(BoardTask task, TaskResult reported) => reported with
    {
        TaskId = task.TaskId,
        Attempt = task.State.Attempt,
        ExecutorId = task.State.ExecutorId,
        Status = task.State.Status,
        Name = reported.Name ?? task.Spec?.Name,
        Details = reported.Details ?? task.Spec?.Details,
        Error = task.State.Status == ExecutionStatus.Cancelled && reported.Status != ExecutionStatus.Cancelled
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

    /// <summary>A result with what its task asked for to be handed back.</summary>
    public static TaskResult Describe(this TaskResult result, TaskSpec spec) => result with
    {
        Name = result.Name ?? spec.Name,
        Details = result.Details ?? spec.Details,
    };

    private static TaskResult Failed(BoardTask task, DateTimeOffset now, string type, string message) =>
        Result(task, now, ExecutionStatus.Failed, new TaskError { Type = type, Message = message });

    private static TaskResult Result(BoardTask task, DateTimeOffset now, ExecutionStatus status, TaskError error) => new()
    {
        TaskId = task.TaskId,
        Name = task.Spec?.Name,
        Details = task.Spec?.Details,
        Attempt = task.State.Attempt,
        Status = status,
        EndTimeMs = now.ToUnixTimeMilliseconds(),
        ExecutorId = task.State.ExecutorId,
        Error = error,
    };
}
