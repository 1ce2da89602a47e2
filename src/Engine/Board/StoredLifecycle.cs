using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine.Board;

/// <summary>A task's life as the store knows it.</summary>
internal static class StoredLifecycle
{
    /// <summary>The lifecycle; that of a task as submitted is shared.</summary>
    public static TaskLifecycle Of(TaskState stored) =>
        stored is { Status: ExecutionStatus.Pending, Attempt: 1, CancelRequested: false }
            ? TaskLifecycle.Submitted
            : new TaskLifecycle
            {
                Status = stored.Status,
                Attempt = stored.Attempt,
                ExecutorId = stored.Status == ExecutionStatus.Running ? stored.ExecutorId : null,
                NotBefore = stored.NotBefore,
                Failures = stored.Failures,
                InfrastructureRetries = stored.InfrastructureRetries,
                LossRetries = stored.LossRetries,
                CancelRequested = stored.CancelRequested,
            };
}
