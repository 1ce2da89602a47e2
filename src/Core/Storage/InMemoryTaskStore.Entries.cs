using Executor.Tasks;

namespace Executor.Storage;

public sealed partial class InMemoryTaskStore
{
    private SubmitOutcome Submit(Entry entry)
    {
        if (_tasks.TryGetValue(entry.Record.TaskId, out Entry? known))
        {
            return new SubmitOutcome(known.Hash == entry.Hash ? SubmitStatus.Existing : SubmitStatus.Conflict, known.Record.State);
        }

        entry.Sequence = ++_sequence;
        _tasks.Add(entry.Record.TaskId, entry);
        _byAge.Add(entry);
        _open.Add(entry);
        return new SubmitOutcome(SubmitStatus.Stored, entry.Record.State);
    }

    private WriteOutcome Change(string taskId, Func<Entry, DateTimeOffset, TaskState?> rule, TaskCompletion? completion)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(taskId, out Entry? entry))
            {
                return WriteOutcome.NotFound;
            }

            if (rule(entry, time.GetUtcNow()) is not TaskState after)
            {
                return WriteOutcome.Stale;
            }

            bool ends = after.Status.IsFinal() && !entry.Record.State.Status.IsFinal();
            entry.Record = entry.Record with { State = after };
            if (ends)
            {
                End(entry, _outputLimit.Apply(completion!.Result with { Attempt = after.Attempt }), completion.CallbackUrl);
            }

            return WriteOutcome.Recorded;
        }
    }

    private void End(Entry entry, TaskResult result, string? callbackUrl)
    {
        entry.Result = result;
        if (callbackUrl is not null)
        {
            DateTimeOffset endedAt = entry.Record.State.EndedAt!.Value;
            Keep(new CallbackRecord { Sequence = entry.Sequence, TaskId = entry.Record.TaskId, Url = callbackUrl, EndedAt = endedAt, NextAt = endedAt });
        }

        _open.Remove(entry);
        _ended.Add(entry);
        if (entry.Work is ContentHash work && result is { Success: true, Cached: false })
        {
            if (!_cached.TryGetValue(work, out SortedSet<Entry>? entries))
            {
                _cached.Add(work, entries = new SortedSet<Entry>(Entry.ByEnd));
            }

            entries.Add(entry);
        }
    }

    private void Remove(Entry entry)
    {
        _tasks.Remove(entry.Record.TaskId);
        _byAge.Remove(entry);
        _ended.Remove(entry);
        if (entry.Work is ContentHash work && _cached.TryGetValue(work, out SortedSet<Entry>? entries) && entries.Remove(entry) && entries.Count == 0)
        {
            _cached.Remove(work);
        }
    }

    private sealed class Entry(TaskSubmission submission)
    {
        public TaskSpec Spec { get; } = submission.Spec;

        public ContentHash Hash { get; } = ContentHash.OfTask(submission.Spec);

        public ContentHash? Work { get; } = submission.Spec.Cache is null ? null : ContentHash.OfWork(submission.Spec);

        public TaskRecord Record { get; set; } = TaskRecord.Of(submission);

        public TaskResult? Result { get; set; }

        public long Sequence { get; set; }

        public (long SubmittedAt, long Sequence) Age => (Record.SubmittedAt.ToUnixTimeMilliseconds(), Sequence);

        public static Comparer<Entry> ByAge { get; } = Comparer<Entry>.Create((a, b) => a.Age.CompareTo(b.Age));

        public static Comparer<Entry> ByRank { get; } = Comparer<Entry>.Create(
            (a, b) => (b.Record.Priority, a.Age).CompareTo((a.Record.Priority, b.Age)));

        public static Comparer<Entry> ByEnd { get; } = Comparer<Entry>.Create(
            (a, b) => (a.Record.State.EndedAt!.Value, a.Sequence).CompareTo((b.Record.State.EndedAt!.Value, b.Sequence)));
    }
}
