using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Writing;

/// <summary>
/// The tasks of one transaction in memory. Requests are applied to it one after the other, so each sees what those before it did;
/// what is left in the end is written at once.
/// </summary>
internal sealed class WriteBatch
{
    private readonly Dictionary<string, TaskRow> _rows;
    private readonly Func<long> _nextSequence;

    public WriteBatch(IReadOnlyList<TaskRow> rows, DateTimeOffset now, Func<long> nextSequence)
    {
        _rows = rows.ToDictionary(row => row.TaskId);
        _nextSequence = nextSequence;
        Now = now;
    }

    /// <summary>The transaction's time.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>A task; null: there is none of that id.</summary>
    public TaskRow? Find(string taskId) => _rows.GetValueOrDefault(taskId);

    /// <summary>Inserts a task that is not there.</summary>
    public TaskRow Add(NewTask task)
    {
        var row = TaskRow.Of(task, _nextSequence());
        _rows.Add(row.TaskId, row);
        return row;
    }

    /// <summary>Everything there is to write, in the order of the tables' dependencies.</summary>
    public IReadOnlyList<BulkWrite> ToWrites()
    {
        List<TaskRow> added = [];
        List<TaskRow> changed = [];
        List<EndedTask> ended = [];
        List<TaskRow> called = [];
        foreach (TaskRow row in _rows.Values)
        {
            if (row.New is not null)
            {
                added.Add(row);
            }
            else if (row.IsChanged)
            {
                changed.Add(row);
            }

            if (row.Ended is EndedTask end)
            {
                ended.Add(end);
                if (end.CallbackUrl is not null)
                {
                    called.Add(row);
                }
            }
        }

        return
        [
            .. added.Count > 0 ? TaskTable.Insert(added) : [],
            .. changed.Count > 0 ? [TaskTable.Update(changed)] : Array.Empty<BulkWrite>(),
            .. ended.Count > 0 ? ResultTable.Insert(ended) : [],
            .. called.Count > 0 ? [CallbackTable.Insert(called)] : Array.Empty<BulkWrite>(),
        ];
    }
}
