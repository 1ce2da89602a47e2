using System.Data.Common;

namespace Executor.Storage.Sql.Rows;

/// <summary>A row of <c>tasks</c> while a transaction works on it.</summary>
internal sealed class TaskRow
{
    private const string KeyColumns = "seq, task_id, spec_hash";

    private TaskRow(long sequence, string taskId, ContentHash hash, TaskState state)
    {
        Sequence = sequence;
        TaskId = taskId;
        Hash = hash;
        State = state;
    }

    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public static string Columns => $"{KeyColumns}, {StateColumns.Names}";

    public long Sequence { get; }

    public string TaskId { get; }

    public ContentHash Hash { get; }

    public TaskState State { get; private set; }

    /// <summary>What there is to insert; null: the row is in the table.</summary>
    public NewTask? New { get; private init; }

    /// <summary>Whether there is something to update.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>The result that ended it in this transaction.</summary>
    public EndedTask? Ended { get; private set; }

    /// <summary>A row to insert.</summary>
    public static TaskRow Of(NewTask task, long sequence) =>
        new(sequence, task.Record.TaskId, task.Hash, task.Record.State) { New = task };

    /// <summary>A row of the table.</summary>
    public static TaskRow Read(DbDataReader reader) => new(
        reader.GetInt64(0),
        StoredText.Decode(reader.GetString(1)),
        new ContentHash(reader.GetFieldValue<byte[]>(2)),
        StateColumns.Read(reader, 3));

    /// <summary>Takes on what a rule answered.</summary>
    /// <returns>What to tell the caller.</returns>
    public WriteOutcome Become(TaskState? after, EndedTask? ended = null)
    {
        if (after is null)
        {
            return WriteOutcome.Stale;
        }

        if (!ReferenceEquals(after, State))
        {
            State = after;
            Ended = ended;
            IsChanged = New is null;
        }

        return WriteOutcome.Recorded;
    }
}
