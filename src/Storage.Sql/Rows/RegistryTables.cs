using System.Data.Common;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>The tables <c>executors</c> and <c>jobs</c>.</summary>
internal static class RegistryTables
{
    /// <summary>The columns that <see cref="ReadExecutor"/> takes.</summary>
    public const string ExecutorColumns = "executor_id, host, port, max_tasks, capabilities, last_seen_ms";

    /// <summary>The columns that <see cref="ReadJob"/> takes.</summary>
    public const string JobColumns = "job_id, type, params, status, progress, error, create_time_ms, start_time_ms, end_time_ms";

    public static ExecutorRecord ReadExecutor(DbDataReader reader) => new()
    {
        ExecutorId = reader.Text(0),
        Host = reader.Text(1),
        Port = reader.GetInt32(2),
        MaxTasks = reader.GetInt32(3),
        Capabilities = reader.Texts(4),
        LastSeenAt = reader.Time(5),
    };

    public static JobRecord ReadJob(DbDataReader reader) => new()
    {
        JobId = reader.Text(0),
        Type = reader.Text(1),
        Params = reader.TextOrNull(2) is string parameters ? JsonSerializer.Deserialize(parameters, StoredJson.Context.JsonElement) : null,
        Status = Words.Status(reader.GetString(3)),
        Progress = reader.GetDouble(4),
        Error = reader.IsDBNull(5) ? null : JsonSerializer.Deserialize(reader.GetString(5), StoredJson.Context.TaskError),
        CreatedAt = reader.Time(6),
        StartedAt = reader.TimeOrNull(7),
        EndedAt = reader.TimeOrNull(8),
    };

    public static BulkWrite Upsert(ExecutorRecord executor)
    {
        ExecutorRecord[] rows = [executor];
        return new BulkWrite(BulkKind.Upsert, "executors",
        [
            Column.Text("executor_id", rows, row => row.ExecutorId),
            Column.Text("host", rows, row => row.Host),
            Column.Of("port", rows, row => (int?)row.Port),
            Column.Of("max_tasks", rows, row => (int?)row.MaxTasks),
            Column.Of("capabilities", rows, row => row.Capabilities.ToJson()),
            Column.Time("last_seen_ms", rows, row => row.LastSeenAt),
        ]);
    }

    public static BulkWrite Upsert(JobRecord job)
    {
        JobRecord[] rows = [job];
        return new BulkWrite(BulkKind.Upsert, "jobs",
        [
            Column.Text("job_id", rows, row => row.JobId),
            Column.Text("type", rows, row => row.Type),
            Column.Text("params", rows, row => row.Params is JsonElement json ? JsonSerializer.Serialize(json, StoredJson.Context.JsonElement) : null),
            Column.Of("status", rows, row => Words.Of(row.Status)),
            Column.Of("progress", rows, row => (double?)row.Progress),
            Column.Of("error", rows, row => row.Error is TaskError error ? JsonSerializer.Serialize(error, StoredJson.Context.TaskError) : null),
            Column.Time("create_time_ms", rows, row => row.CreatedAt),
            Column.Time("start_time_ms", rows, row => row.StartedAt),
            Column.Time("end_time_ms", rows, row => row.EndedAt),
        ]);
    }
}
