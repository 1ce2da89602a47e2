using Executor.Tasks;

namespace Executor.Workflows;

/// <summary>A task that can't run since a parent has ended without success.</summary>
/// <param name="TaskId">The task: FAILED from now on.</param>
/// <param name="ParentId">The parent.</param>
/// <param name="ParentStatus">How that ended: FAILED (perhaps for the same reason) or CANCELLED.</param>
public readonly record struct DependencyFailure(string TaskId, string ParentId, ExecutionStatus ParentStatus)
{
    /// <summary>The error of the task's result.</summary>
    public TaskError ToError() => new()
    {
        Type = TaskErrorTypes.Dependency,
        Message = $"Task '{ParentId}', on which this task depends, ended {(ParentStatus == ExecutionStatus.Cancelled ? "CANCELLED" : "FAILED")}.",
    };
}
