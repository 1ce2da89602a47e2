using System.Runtime.CompilerServices;
using Executor.Tasks;

namespace Executor.Storage;

/// <summary>Keeps everything in this process's memory, and nothing after it: for work that needs no more, and for tests.</summary>
/// <param name="time">The clock.</param>
/// <param name="outputLimit">How much of each output is kept; null: <see cref="OutputLimit.Default"/>.</param>
public sealed partial class InMemoryTaskStore(TimeProvider time, OutputLimit? outputLimit = null) : ITaskStore
{
    private readonly OutputLimit _outputLimit = outputLimit ?? OutputLimit.Default;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _tasks = [];
    private readonly SortedSet<Entry> _byAge = new(Entry.ByAge);
    private readonly SortedSet<Entry> _open = new(Entry.ByRank);
    private readonly SortedSet<Entry> _ended = new(Entry.ByEnd);
    private readonly Dictionary<ContentHash, SortedSet<Entry>> _cached = [];
    private long _sequence;

    /// <inheritdoc/>
    public Task<SubmitOutcome> SubmitAsync(TaskSubmission task, CancellationToken cancellationToken)
    {
        var entry = new Entry(task);
        lock (_lock)
        {
            return Task.FromResult(Submit(entry));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SubmitOutcome>> SubmitAsync(IReadOnlyList<TaskSubmission> tasks, CancellationToken cancellationToken)
    {
        Entry[] entries = [.. tasks.Select(task => new Entry(task))];
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<SubmitOutcome>>([.. entries.Select(Submit)]);
        }
    }

    /// <inheritdoc/>
    public void MarkRunning(TaskStart start) => Change(start.TaskId, (entry, _) => entry.Record.State.Start(start), null);

    /// <inheritdoc/>
    public Task<WriteOutcome> CompleteAsync(TaskCompletion completion, CancellationToken cancellationToken)
    {
        TaskResult result = completion.Result.ThrowIfNotFinal();
        return Task.FromResult(Change(result.TaskId, (entry, now) => entry.Record.State.Complete(result, now), completion));
    }

    /// <inheritdoc/>
    public Task<WriteOutcome> CancelAsync(TaskCompletion completion, CancellationToken cancellationToken)
    {
        TaskResult result = completion.Result.ThrowIfNotFinal();
        return Task.FromResult(Change(result.TaskId, (entry, now) => entry.Record.State.Cancel(result, now), completion));
    }

    /// <inheritdoc/>
    public Task<WriteOutcome> RequeueAsync(TaskRequeue requeue, CancellationToken cancellationToken) =>
        Task.FromResult(Change(requeue.TaskId, (entry, _) => entry.Record.State.Requeue(requeue), null));

    /// <inheritdoc/>
    public Task<WriteOutcome> RequestCancelAsync(string taskId, CancellationToken cancellationToken) =>
        Task.FromResult(Change(taskId, (entry, _) => entry.Record.State.RequestCancel(), null));

    /// <inheritdoc/>
    public Task<StoredTask?> GetAsync(string taskId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_tasks.TryGetValue(taskId, out Entry? entry) ? new StoredTask(entry.Record, entry.Spec) : null);
        }
    }

    /// <inheritdoc/>
    public Task<TaskResult?> GetResultAsync(string taskId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_tasks.GetValueOrDefault(taskId)?.Result);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TaskSpec>> GetSpecsAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, TaskSpec>>(
                taskIds.Distinct().Where(_tasks.ContainsKey).ToDictionary(id => id, id => _tasks[id].Spec));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, TaskState>> GetStatesAsync(IReadOnlyCollection<string> taskIds, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<string, TaskState>>(
                taskIds.Distinct().Where(_tasks.ContainsKey).ToDictionary(id => id, id => _tasks[id].Record.State));
        }
    }

    /// <inheritdoc/>
    public Task<TaskPage> ListAsync(TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken)
    {
        StoreLimits.CheckPage(limit);
        lock (_lock)
        {
            Entry[] found =
            [
                .. _byAge.Reverse()
                    .SkipWhile(entry => after is TaskCursor cursor && entry.Age.CompareTo((cursor.SubmittedAtMs, cursor.Sequence)) >= 0)
                    .Where(entry => filter.Matches(entry.Record))
                    .Take(limit + 1),
            ];
            TaskCursor? next = found.Length > limit ? new TaskCursor(found[limit - 1].Age.SubmittedAt, found[limit - 1].Age.Sequence) : null;
            return Task.FromResult(new TaskPage([.. found.Take(limit).Select(entry => entry.Record)], next));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ExecutionStatus, long>> CountAsync(CancellationToken cancellationToken)
    {
        Dictionary<ExecutionStatus, long> counts = Enum.GetValues<ExecutionStatus>().ToDictionary(status => status, _ => 0L);
        lock (_lock)
        {
            foreach (Entry entry in _tasks.Values)
            {
                counts[entry.Record.State.Status]++;
            }
        }

        return Task.FromResult<IReadOnlyDictionary<ExecutionStatus, long>>(counts);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TaskRecord> ReadOpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TaskRecord[] open;
        lock (_lock)
        {
            open = [.. _open.Select(entry => entry.Record)];
        }

        foreach (TaskRecord record in open)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<TaskResult?> FindCachedAsync(ContentHash work, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _cached.TryGetValue(work, out SortedSet<Entry>? entries)
                && entries.Max is Entry newest
                && newest.Record.State.EndedAt >= StoredTime.Truncate(since)
                    ? newest.Result
                    : null);
        }
    }

    /// <inheritdoc/>
    public Task<long> ApplyRetentionAsync(RetentionOptions options, CancellationToken cancellationToken)
    {
        DateTimeOffset? before = StoredTime.Truncate(time.GetUtcNow() - options.MaxAge);
        long removed = 0;
        lock (_lock)
        {
            while (_ended.Min is Entry oldest && (_ended.Count > (options.MaxTasks ?? int.MaxValue) || oldest.Record.State.EndedAt < before))
            {
                Remove(oldest);
                removed++;
            }

            ApplyRetentionToCallbacks(before, options.MaxTasks ?? int.MaxValue);
        }

        return Task.FromResult(removed);
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindNewestTimeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            DateTimeOffset? submitted = _byAge.Max?.Record.SubmittedAt;
            DateTimeOffset? ended = _ended.Max?.Record.State.EndedAt;
            return Task.FromResult(ended > submitted ? ended : submitted);
        }
    }

    /// <inheritdoc/>
    public Task<long> CountEndedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult((long)_ended.TakeWhile(entry => entry.Record.State.EndedAt < before).Count());
        }
    }

    /// <inheritdoc/>
    public Task<string?> FindOutageAsync(CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    /// <summary>Forgets a task that has ended, for one who has its result and needs the room. A task that has not ended, or is not there, is passed over.</summary>
    public void RemoveEnded(string taskId)
    {
        lock (_lock)
        {
            if (_tasks.TryGetValue(taskId, out Entry? entry) && entry.Result is not null)
            {
                Remove(entry);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
