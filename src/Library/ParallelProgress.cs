using Executor.Tasks;

namespace Executor.Library;

/// <summary>A task began or ended, and how far the tasks of the same call are.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Result">Its result; null: an attempt of it began.</param>
/// <param name="Total">How many tasks there are.</param>
/// <param name="Completed">Those that have ended COMPLETED.</param>
/// <param name="Failed">Those that have ended FAILED.</param>
/// <param name="Cancelled">Those that have ended CANCELLED.</param>
public sealed record ParallelProgress(string TaskId, TaskResult? Result, int Total, int Completed, int Failed, int Cancelled)
{
    /// <summary>Those that have ended.</summary>
    public int Ended => Completed + Failed + Cancelled;

    /// <summary>What follows from a task's end.</summary>
    internal ParallelProgress After(TaskResult result) => new(
        result.TaskId,
        result,
        Total,
        Completed + (result.Status == ExecutionStatus.Completed ? 1 : 0),
        Failed + (result.Status == ExecutionStatus.Failed ? 1 : 0),
        Cancelled + (result.Status == ExecutionStatus.Cancelled ? 1 : 0));
}
