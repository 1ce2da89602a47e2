using Executor.Execution;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Tasks;

/// <summary>
/// One task, for those who ask after it: it reads the store, asks the scheduler where the task is while that has not ended, and keeps the
/// result once it has. Key: <see cref="GrainKeys.Task"/>.
/// </summary>
[Alias("executor.task")]
public interface ITaskGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="ITaskService.GetAsync"/>.</summary>
    [ResponseTimeout("00:00:15")]
    [Alias("get")]
    Task<StoredTask?> GetAsync();

    /// <summary>See <see cref="ITaskService.GetResultAsync"/>.</summary>
    [ResponseTimeout("00:00:15")]
    [Alias("result")]
    Task<TaskResult?> GetResultAsync();

    /// <summary>See <see cref="ITaskService.CancelAsync"/>.</summary>
    [ResponseTimeout("00:00:15")]
    [Alias("cancel")]
    Task<CancelOutcome> CancelAsync();

    /// <summary>See <see cref="ISchedulerGrain.ReadOutputAsync"/>.</summary>
    [ResponseTimeout("00:00:15")]
    [Alias("output")]
    Task<OutputChunk> ReadOutputAsync(OutputPosition after);
}
