using Executor.Tasks;

namespace Executor.Storage;

/// <summary>
/// Where tasks, their results, executors and jobs are kept. Safe to call from many threads. When a write's task ends it is
/// durable; writes that arrive while one is in flight share the next. Cancelling a write stops the waiting: it may be done all the
/// same. Every write may be repeated without harm, but a repeated <see cref="RequeueAsync"/> answers
/// <see cref="WriteOutcome.Stale"/> and a repeated <see cref="AppendJobLogAsync"/> appends again.
/// </summary>
/// <remarks>
/// Texts come back exactly as given, U+0000 and half characters included. Outputs over the store's limit come back cut, with a mark, and
/// <see cref="TaskResult.OutputTruncated"/> set. All methods throw <see cref="StorageException"/> when the store itself fails.
/// </remarks>
public partial interface ITaskStore : IAsyncDisposable
{
    /// <summary>Stores a task as PENDING.</summary>
    /// <exception cref="ArgumentException">The spec has no id.</exception>
    Task<SubmitOutcome> SubmitAsync(TaskSubmission task, CancellationToken cancellationToken);

    /// <summary>
    /// Stores many tasks, in order, in one transaction: where it fails, or the process dies meanwhile, either all that are new are stored or none
    /// is.
    /// </summary>
    /// <returns>An outcome for each, in the same order.</returns>
    /// <exception cref="ArgumentException">A spec has no id; nothing was stored.</exception>
    Task<IReadOnlyList<SubmitOutcome>> SubmitAsync(IReadOnlyList<TaskSubmission> tasks, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that an attempt runs. Not durable: it is recorded within about a second, or never when the attempt ends before that. Ignored
    /// when another attempt is current or the task has ended.
    /// </summary>
    void MarkRunning(TaskStart start);

    /// <summary>
    /// Ends a task with its result if <see cref="TaskResult.Attempt"/> is its current attempt and it has not ended. Of racing calls exactly
    /// one is <see cref="WriteOutcome.Recorded"/>; the same result (by <see cref="TaskResult.Id"/>) again is answered so too.
    /// </summary>
    /// <exception cref="ArgumentException">The result is not final.</exception>
    Task<WriteOutcome> CompleteAsync(TaskCompletion completion, CancellationToken cancellationToken);

    /// <summary>Puts a task back to PENDING with the next attempt if the attempt named is its current one and it has not ended.</summary>
    Task<WriteOutcome> RequeueAsync(TaskRequeue requeue, CancellationToken cancellationToken);

    /// <summary>Keeps that somebody asked for the task's end, so that a restart doesn't run it again.</summary>
    Task<WriteOutcome> RequestCancelAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a task whatever its attempt is, unless it has ended. The result is kept with the task's current attempt.
    /// </summary>
    /// <exception cref="ArgumentException">The result is not final.</exception>
    Task<WriteOutcome> CancelAsync(TaskCompletion completion, CancellationToken cancellationToken);

    /// <summary>A task with its spec; null: there is none of that id.</summary>
    Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>The result of a task; null: it has not ended, or there is none of that id.</summary>
    Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>The specs of many tasks by id. Ids of tasks that are not there are left out.</summary>
    Task<IReadOnlyDictionary<string, TaskSpec>> GetSpecsAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken);

    /// <summary>Where many tasks are, by id. Ids of tasks that are not there are left out. Reads neither specs nor results.</summary>
    Task<IReadOnlyDictionary<string, TaskState>> GetStatesAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken);

    /// <summary>A page of tasks, newest first.</summary>
    /// <param name="filter">Which tasks.</param>
    /// <param name="limit">How many. Range 1 to 10,000.</param>
    /// <param name="after">The last page's <see cref="TaskPage.Next"/>; null: from the newest.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken);

    /// <summary>How many tasks there are of each status; every status is there.</summary>
    Task<IReadOnlyDictionary<ExecutionStatus, long>> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The tasks that have not ended, highest priority first, then oldest, read in pages as they are asked for. Each task that was there
    /// before and has not ended since is in it once.
    /// </summary>
    IAsyncEnumerable<TaskRecord> ReadOpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The newest COMPLETED result of the same work (<see cref="ContentHash.OfWork(TaskSpec)"/>) that the store took at that time or later, of the
    /// tasks that asked for <see cref="TaskSpec.Cache"/> and did not themselves get a stored result; null: there is none.
    /// </summary>
    Task<TaskResult?> FindCachedAsync(ContentHash work, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>
    /// Removes ended tasks and their results, oldest end first, until what is left is as the options say; and dead callbacks by the same measure. In small steps,
    /// so that other writes don't wait.
    /// </summary>
    /// <returns>How many tasks were removed.</returns>
    Task<long> ApplyRetentionAsync(RetentionOptions options, CancellationToken cancellationToken);

    /// <summary>The newest time that is stored of a task, of its submit or of its end; null: there are no tasks. One look at each of two indexes.</summary>
    Task<DateTimeOffset?> FindNewestTimeAsync(CancellationToken cancellationToken);

    /// <summary>How many tasks ended before a time.</summary>
    Task<long> CountEndedAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>
    /// Whether writes are taken. Where none has been for two seconds, one of the store's own is tried; those who ask meanwhile share it. Answers within about
    /// two seconds.
    /// </summary>
    /// <returns>Why none has been taken for five seconds, without saying where the store is; null: one has.</returns>
    Task<string?> FindOutageAsync(CancellationToken cancellationToken);
}
