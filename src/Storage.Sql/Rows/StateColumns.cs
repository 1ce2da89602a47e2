using System.Data.Common;

namespace Executor.Storage.Sql.Rows;

/// <summary>The columns of <c>tasks</c> that change.</summary>
internal static class StateColumns
{
    public const string Names = "status, attempt, executor_id, runtime_id, not_before_ms, start_time_ms, end_time_ms, "
        + "failures, infrastructure_retries, loss_retries, cancel_requested, result_id";

    /// <summary>How many there are.</summary>
    public const int Count = 12;

    public static TaskState Read(DbDataReader reader, int first) => new()
    {
        Status = Words.Status(reader.GetString(first)),
        Attempt = reader.GetInt32(first + 1),
        ExecutorId = reader.TextOrNull(first + 2),
        Runtime = reader.TextOrNull(first + 3),
        NotBefore = reader.TimeOrNull(first + 4),
        StartedAt = reader.TimeOrNull(first + 5),
        EndedAt = reader.TimeOrNull(first + 6),
        Failures = reader.GetInt32(first + 7),
        InfrastructureRetries = reader.GetInt32(first + 8),
        LossRetries = reader.GetInt32(first + 9),
        CancelRequested = reader.GetBoolean(first + 10),
        ResultId = reader.IsDBNull(first + 11) ? null : reader.GetGuid(first + 11),
    };

    public static IEnumerable<Column> Of(IReadOnlyList<TaskRow> rows) =>
    [
        Column.Of("status", rows, row => Words.Of(row.State.Status)),
        Column.Of("attempt", rows, row => (int?)row.State.Attempt),
        Column.Text("executor_id", rows, row => row.State.ExecutorId),
        Column.Text("runtime_id", rows, row => row.State.Runtime),
        Column.Time("not_before_ms", rows, row => row.State.NotBefore),
        Column.Time("start_time_ms", rows, row => row.State.StartedAt),
        Column.Time("end_time_ms", rows, row => row.State.EndedAt),
        Column.Of("failures", rows, row => (int?)row.State.Failures),
        Column.Of("infrastructure_retries", rows, row => (int?)row.State.InfrastructureRetries),
        Column.Of("loss_retries", rows, row => (int?)row.State.LossRetries),
        Column.Of("cancel_requested", rows, row => row.State.CancelRequested),
        Column.Of("result_id", rows, row => row.State.ResultId),
        Column.Of("cached", rows, row => row.Ended?.Result.Cached == true),
        Column.Of("outcome", rows, row => row.Ended?.Outcome),
    ];
}
