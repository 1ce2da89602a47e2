using System.Data.Common;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>The table <c>tasks</c>, with the specs beside it.</summary>
internal static class TaskTable
{
    /// <summary>The columns that <see cref="ReadRecord"/> takes.</summary>
    public const string RecordColumns =
        $"task_id, name, runner, code_executor, capabilities, cpus, memory_mb, gpus, depends_on, priority, submit_time_ms, seq, expire_time_ms, {StateColumns.Names}";

    /// <summary>How many there are.</summary>
    public const int RecordColumnCount = FirstState + StateColumns.Count;

    private const int FirstState = 13;

    public static TaskRecord ReadRecord(DbDataReader reader) => new()
    {
        TaskId = reader.Text(0),
        Name = reader.TextOrNull(1),
        Runner = Words.Runner(reader.TextOrNull(2)),
        CodeExecutor = reader.TextOrNull(3),
        Capabilities = reader.Texts(4),
        Resources = reader.IsDBNull(7) ? null : new ResourceRequest
        {
            Cpus = reader.GetDouble(5),
            MemoryMb = reader.Int32OrNull(6),
            Gpus = reader.GetInt32(7),
        },
        DependsOn = reader.Texts(8),
        Priority = reader.GetInt32(9),
        SubmittedAt = reader.Time(10),
        ExpiresAt = reader.TimeOrNull(12),
        State = StateColumns.Read(reader, FirstState),
    };

    /// <summary>Where the record that was read is in the list.</summary>
    public static TaskCursor ReadCursor(DbDataReader reader) => new(reader.GetInt64(10), reader.GetInt64(11));

    public static IEnumerable<BulkWrite> Insert(IReadOnlyList<TaskRow> rows) =>
    [
        new(BulkKind.Insert, "tasks",
        [
            Column.Of("seq", rows, row => (long?)row.Sequence),
            Column.Text("task_id", rows, row => row.TaskId),
            Column.Of("spec_hash", rows, row => row.Hash.ToBytes()),
            Column.Of("cache_key", rows, row => row.New!.Work?.ToBytes()),
            Column.Text("name", rows, row => row.New!.Record.Name),
            Column.Of("runner", rows, row => Words.Of(row.New!.Record.Runner)),
            Column.Text("code_executor", rows, row => row.New!.Record.CodeExecutor),
            Column.Of("capabilities", rows, row => row.New!.Record.Capabilities.ToJson()),
            Column.Of("cpus", rows, row => row.New!.Record.Resources?.Cpus),
            Column.Of("memory_mb", rows, row => row.New!.Record.Resources?.MemoryMb),
            Column.Of("gpus", rows, row => row.New!.Record.Resources?.Gpus),
            Column.Of("depends_on", rows, row => row.New!.Record.DependsOn.ToJson()),
            Column.Of("priority", rows, row => (int?)row.New!.Record.Priority),
            Column.Time("submit_time_ms", rows, row => row.New!.Record.SubmittedAt),
            Column.Time("expire_time_ms", rows, row => row.New!.Record.ExpiresAt),
            .. StateColumns.Of(rows),
        ]),
        new(BulkKind.Insert, "task_specs",
        [
            Column.Of("seq", rows, row => (long?)row.Sequence),
            Column.Of("spec", rows, row => row.New!.Spec),
        ]),
    ];

    public static BulkWrite Update(IReadOnlyList<TaskRow> rows) =>
        new(BulkKind.Update, "tasks", [Column.Of("seq", rows, row => (long?)row.Sequence), .. StateColumns.Of(rows)]);
}
