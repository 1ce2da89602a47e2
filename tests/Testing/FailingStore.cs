using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>A store in memory that can be told to fail.</summary>
public sealed class FailingStore : ITaskStore
{
    private readonly InMemoryTaskStore _kept = new(TimeProvider.System);
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>Whether every call fails.</summary>
    public bool IsAway { get; set; }

    /// <summary>Whether submits fail, though the store can be read.</summary>
    public bool FailsWrites { get; set; }

    /// <summary>Whether results can't be read.</summary>
    public bool FailsResults { get; set; }

    /// <summary>Calls that failed since it was away.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>Ends when the first call has failed.</summary>
    public Task Failed => _failed.Task;

    private InMemoryTaskStore Store
    {
        get
        {
            if (IsAway)
            {
                Interlocked.Increment(ref _failures);
                _failed.TrySetResult();
                throw new StorageException("the store is away", isTransient: true);
            }

            return _kept;
        }
    }

    private InMemoryTaskStore SubmitStore => FailsWrites ? throw new StorageException("the disk is full", isTransient: true) : Store;

    public Task<SubmitOutcome> SubmitAsync(TaskSubmission task, CancellationToken cancellationToken) =>
        SubmitStore.SubmitAsync(task, cancellationToken);

    public Task<IReadOnlyList<SubmitOutcome>> SubmitAsync(IReadOnlyList<TaskSubmission> tasks, CancellationToken cancellationToken) =>
        SubmitStore.SubmitAsync(tasks, cancellationToken);

    public void MarkRunning(TaskStart start) =>
        Store.MarkRunning(start);

    public Task<WriteOutcome> CompleteAsync(TaskCompletion completion, CancellationToken cancellationToken) =>
        Store.CompleteAsync(completion, cancellationToken);

    public Task<WriteOutcome> RequeueAsync(TaskRequeue requeue, CancellationToken cancellationToken) =>
        Store.RequeueAsync(requeue, cancellationToken);

    public Task<WriteOutcome> RequestCancelAsync(string taskId, CancellationToken cancellationToken) =>
        Store.RequestCancelAsync(taskId, cancellationToken);

    public Task<WriteOutcome> CancelAsync(TaskCompletion completion, CancellationToken cancellationToken) =>
        Store.CancelAsync(completion, cancellationToken);

    public Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken) =>
        Store.GetAsync(taskId, cancellationToken);

    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken) => FailsResults
        ? throw new StorageException("the results can't be read", isTransient: false)
        : Store.GetResultAsync(taskId, cancellationToken);

    public Task<IReadOnlyDictionary<string, TaskState>> GetStatesAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        Store.GetStatesAsync(taskIds, cancellationToken);

    public Task<IReadOnlyDictionary<string, TaskSpec>> GetSpecsAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken) =>
        Store.GetSpecsAsync(taskIds, cancellationToken);

    public Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken) =>
        Store.ListAsync(filter, limit, after, cancellationToken);

    public Task<IReadOnlyDictionary<ExecutionStatus, long>> CountAsync(CancellationToken cancellationToken) =>
        Store.CountAsync(cancellationToken);

    public IAsyncEnumerable<TaskRecord> ReadOpenAsync(CancellationToken cancellationToken) =>
        Store.ReadOpenAsync(cancellationToken);

    public Task<TaskResult?> FindCachedAsync(ContentHash work, DateTimeOffset since, CancellationToken cancellationToken) =>
        Store.FindCachedAsync(work, since, cancellationToken);

    public Task<long> ApplyRetentionAsync(RetentionOptions options, CancellationToken cancellationToken) =>
        Store.ApplyRetentionAsync(options, cancellationToken);

    public Task<DateTimeOffset?> FindNewestTimeAsync(CancellationToken cancellationToken) => Store.FindNewestTimeAsync(cancellationToken);

    public Task<long> CountEndedAsync(DateTimeOffset before, CancellationToken cancellationToken) => Store.CountEndedAsync(before, cancellationToken);

    public Task<string?> FindOutageAsync(CancellationToken cancellationToken) => IsAway ? Task.FromResult<string?>("the store is away")
        : FailsWrites ? Task.FromResult<string?>("the disk is full")
        : _kept.FindOutageAsync(cancellationToken);

    public Task SaveExecutorAsync(ExecutorRecord executor, CancellationToken cancellationToken) =>
        Store.SaveExecutorAsync(executor, cancellationToken);

    public Task<bool> RemoveExecutorAsync(string executorId, CancellationToken cancellationToken) =>
        Store.RemoveExecutorAsync(executorId, cancellationToken);

    public Task<IReadOnlyList<ExecutorRecord>> ListExecutorsAsync(CancellationToken cancellationToken) =>
        Store.ListExecutorsAsync(cancellationToken);

    public Task SaveJobAsync(JobRecord job, CancellationToken cancellationToken) =>
        Store.SaveJobAsync(job, cancellationToken);

    public Task<bool> AppendJobLogAsync(string jobId, string text, CancellationToken cancellationToken) =>
        Store.AppendJobLogAsync(jobId, text, cancellationToken);

    public Task<JobRecord?> GetJobAsync(string jobId, CancellationToken cancellationToken) =>
        Store.GetJobAsync(jobId, cancellationToken);

    public Task<string?> GetJobLogAsync(string jobId, CancellationToken cancellationToken) =>
        Store.GetJobLogAsync(jobId, cancellationToken);

    public Task<IReadOnlyList<JobRecord>> ListJobsAsync(int limit, CancellationToken cancellationToken) =>
        Store.ListJobsAsync(limit, cancellationToken);

    public Task<IReadOnlyList<string>> ListCallbackHostsAsync(string? after, int limit, CancellationToken cancellationToken) =>
        Store.ListCallbackHostsAsync(after, limit, cancellationToken);

    public Task<IReadOnlyList<CallbackRecord>> ReadWaitingCallbacksAsync(string host, int limit, CancellationToken cancellationToken) =>
        Store.ReadWaitingCallbacksAsync(host, limit, cancellationToken);

    public Task SettleCallbackAsync(CallbackOutcome outcome, CancellationToken cancellationToken) =>
        Store.SettleCallbackAsync(outcome, cancellationToken);

    public Task<CallbackPage> ListCallbacksAsync(CallbackState? state, int limit, long? after, CancellationToken cancellationToken) =>
        Store.ListCallbacksAsync(state, limit, after, cancellationToken);

    public Task<CallbackCounts> CountCallbacksAsync(CancellationToken cancellationToken) =>
        Store.CountCallbacksAsync(cancellationToken);

    public ValueTask DisposeAsync() => _kept.DisposeAsync();
}
