using Executor.Executors;
using Executor.Jobs;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Execution;

/// <summary>Tasks: submits them, and tells what becomes of them. Safe to call from many threads.</summary>
/// <remarks>
/// All methods throw <see cref="StorageException"/> when the store fails and <see cref="ServiceStoppingException"/> once the service
/// stops. Nothing else is thrown for what a caller asked but what a method names.
/// </remarks>
public interface ITaskService
{
    /// <summary>
    /// Takes tasks: valid ones are stored, durably, before this returns. All are taken or, for a fault in any of them, none. A task
    /// without an id gets one. A task of an id that is known already is not stored again; see <see cref="TaskReceipt.Outcome"/>.
    /// </summary>
    /// <returns>A receipt for each, in the same order.</returns>
    /// <exception cref="InvalidTaskException">
    /// At least one can't be accepted. Fields of a single task are named as they are (<c>timeout</c>), those of one of many with
    /// its place (<c>tasks[3].timeout</c>).
    /// </exception>
    /// <exception cref="QueueFullException">Too many wait already; none was taken.</exception>
    Task<IReadOnlyList<TaskReceipt>> SubmitAsync(IReadOnlyList<TaskSpec> tasks, CancellationToken cancellationToken);

    /// <summary>Where a task is now, and what was asked; null: there is none of that id.</summary>
    Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>The result of a task; null: it has not ended, or there is none of that id.</summary>
    Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Waits for a task's result.</summary>
    /// <returns>The result; null: it did not end within the timeout, or there is none of that id.</returns>
    Task<TaskResult?> WaitAsync(string taskId, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Asks for a task's end. A waiting one is CANCELLED at once; a running one is stopped within about a second.</summary>
    Task<CancelOutcome> CancelAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>A page of tasks, newest first; see <see cref="ITaskStore.ListAsync"/>.</summary>
    Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken);

    /// <summary>
    /// A task's output, from the beginning or from where an earlier watch stopped, then as it comes; ends with
    /// <see cref="OutputEnded"/>. Ends at once, with nothing, if there is no such task. When an attempt is repeated the output begins
    /// anew: <see cref="OutputPosition.Attempt"/> tells.
    /// </summary>
    /// <param name="taskId">The task.</param>
    /// <param name="after">The position of the last event that was seen; default: the beginning.</param>
    /// <param name="cancellationToken">Stops watching.</param>
    IAsyncEnumerable<TaskEvent> WatchAsync(string taskId, OutputPosition after, CancellationToken cancellationToken);

    /// <summary>A page of the callbacks that have not been delivered; see <see cref="ITaskStore.ListCallbacksAsync"/>.</summary>
    Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken);

    /// <summary>Whether a task could be taken now; see <see cref="ITaskStore.FindOutageAsync"/>.</summary>
    /// <returns>Why not, for anybody to read; null: it could.</returns>
    Task<string?> FindOutageAsync(CancellationToken cancellationToken);

    /// <summary>What waits, runs and has ended, and how fast.</summary>
    Task<ExecutionMetrics> GetMetricsAsync(CancellationToken cancellationToken);
}
