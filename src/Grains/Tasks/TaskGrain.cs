using Executor.Execution;
using Executor.Grains.Placement;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Executor.Grains.Tasks;

/// <summary>See <see cref="ITaskGrain"/>. Lives where it is asked for, and not for long.</summary>
[Reentrant]
[PreferLocalPlacement]
[QueueSilos]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class TaskGrain(IQueueResources resources) : Grain, ITaskGrain
{
    /// <summary>Characters of a result that is kept; a larger one is read again.</summary>
    private const long MaxKept = 64 * 1024;

    private string _queue = "";
    private string _taskId = "";
    private ITaskStore? _store;
    private TaskResult? _result;

    private ISchedulerGrain Scheduler => GrainFactory.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(_queue));

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_queue, _taskId) = GrainKeys.Split(this.GetPrimaryKeyString());
        _store = await resources.OpenAsync(_queue, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<StoredTask?> GetAsync()
    {
        StoredTask? stored = await Translated(_store!.GetAsync(_taskId, CancellationToken.None));
        // What has not ended the scheduler knows better: the store hears of a start late.
        return stored is null || stored.Record.State.Status.IsFinal() ? stored : await Scheduler.GetAsync(_taskId);
    }

    /// <inheritdoc/>
    public async Task<TaskResult?> GetResultAsync()
    {
        if (_result is null && await Translated(_store!.GetResultAsync(_taskId, CancellationToken.None)) is TaskResult result)
        {
            if (MessageSize.Of(result) > MaxKept)
            {
                return result;
            }

            _result = result;
        }

        return _result;
    }

    /// <inheritdoc/>
    public Task<CancelOutcome> CancelAsync() => _result is null ? Scheduler.CancelAsync(_taskId) : Task.FromResult(CancelOutcome.AlreadyEnded);

    /// <inheritdoc/>
    public async Task<OutputChunk> ReadOutputAsync(OutputPosition after) => await Scheduler.ReadOutputAsync(_taskId, after);

    private static async Task<T> Translated<T>(Task<T> read)
    {
        try
        {
            return await read;
        }
        catch (StorageException failed)
        {
            throw new CallFaultException(CallFault.Of(failed));
        }
    }
}
