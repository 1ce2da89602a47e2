using System.Data.Common;

namespace Executor.Storage.Sql.Rows;

/// <summary>The table <c>callbacks</c>.</summary>
internal static class CallbackTable
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = "seq, task_id, url, state, attempts, next_time_ms, end_time_ms, error";

    private static readonly string[] States = ["WAITING", "DEAD"];

    /// <summary>A state as the table spells it.</summary>
    public static string Of(CallbackState state) => States[(int)state];

    public static CallbackRecord Read(DbDataReader reader) => new()
    {
        Sequence = reader.GetInt64(0),
        TaskId = reader.Text(1),
        Url = reader.Text(2),
        State = reader.GetString(3) == Of(CallbackState.Dead) ? CallbackState.Dead : CallbackState.Waiting,
        Attempts = reader.GetInt32(4),
        NextAt = reader.Time(5),
        EndedAt = reader.Time(6),
        Error = reader.TextOrNull(7),
    };

    /// <summary>Callbacks of tasks that ended in this transaction.</summary>
    public static BulkWrite Insert(IReadOnlyList<TaskRow> rows) => new(BulkKind.Insert, "callbacks",
    [
        Column.Of("seq", rows, row => (long?)row.Sequence),
        Column.Text("task_id", rows, row => row.TaskId),
        Column.Text("url", rows, row => row.Ended!.CallbackUrl),
        Column.Text("host", rows, row => CallbackRecord.HostOf(row.Ended!.CallbackUrl!)),
        Column.Of("state", rows, _ => Of(CallbackState.Waiting)),
        Column.Of("attempts", rows, _ => (int?)0),
        Column.Time("next_time_ms", rows, row => row.State.EndedAt),
        Column.Time("end_time_ms", rows, row => row.State.EndedAt),
        Column.Of("error", rows, _ => (string?)null),
    ]);
}
