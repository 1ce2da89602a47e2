using Executor.Execution;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>
/// A part of a queue: hosts the rules over the tasks in the store. There is one activation in the cluster; when its silo dies the
/// next call makes another, which finds everything in the store. Key: <see cref="GrainKeys.Scheduler"/>.
/// </summary>
/// <remarks>
/// Each process that talks to it has a connection. What they say goes by <see cref="SendAsync"/>, which returns when it is taken, not when
/// it is done; all answers, and what executors are to do, come by <see cref="PullAsync"/>. Both may be repeated without harm.
/// </remarks>
[Alias("executor.scheduler")]
public interface ISchedulerGrain : IGrainWithStringKey
{
    /// <summary>Takes what a client says. One call of a connection at a time.</summary>
    [ResponseTimeout("00:00:05")]
    [Alias("send")]
    Task<ConnectionStatus> SendAsync(CallBatch batch);

    /// <summary>Events of a connection; when there are none, waits for them for up to half a second. One call of a connection at a time.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="seen">The last number that was seen: what was kept up to it is forgotten.</param>
    [ResponseTimeout("00:00:05")]
    [Alias("pull")]
    Task<EventBatch> PullAsync(Guid connectionId, long seen);

    /// <summary>See <see cref="ITaskService.GetAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("get")]
    Task<StoredTask?> GetAsync(string taskId);

    /// <summary>See <see cref="ITaskService.CancelAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("cancel")]
    Task<CancelOutcome> CancelAsync(string taskId);

    /// <summary>See <see cref="ITaskService.ListAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("list")]
    Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after);

    /// <summary>A task's output after a position; when there is none yet, waits for it for up to half a second.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("output")]
    Task<OutputChunk> ReadOutputAsync(string taskId, OutputPosition after);

    /// <summary>See <see cref="ITaskService.ListCallbacksAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("callbacks")]
    Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after);

    /// <summary>See <see cref="ITaskService.FindOutageAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("outage")]
    Task<string?> FindOutageAsync();

    /// <summary>See <see cref="ITaskService.GetMetricsAsync"/>.</summary>
    /// <exception cref="SchedulerStartingException">Try again.</exception>
    [ResponseTimeout("00:00:10")]
    [Alias("metrics")]
    Task<ExecutionMetrics> GetMetricsAsync();
}
