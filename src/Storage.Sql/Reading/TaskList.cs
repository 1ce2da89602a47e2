using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Reading;

/// <summary>Reads pages of the list of tasks, newest first.</summary>
internal static class TaskList
{
    public static Task<TaskPage> ReadPageAsync(
        SqlDatabase database, TaskFilter filter, int limit, TaskCursor? after, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async (connection, stop) =>
            {
                await using DbCommand command = connection.CreateCommand("");
                List<string> conditions = [];
                Add(command, conditions, "status = @status", filter.Status is { } status ? Words.Of(status) : null);
                Add(command, conditions, "executor_id = @executor_id", Text(filter.ExecutorId));
                Add(command, conditions, "code_executor = @code_executor", Text(filter.CodeExecutor));
                Add(command, conditions, "name = @name", Text(filter.Name));
                Add(command, conditions, "runtime_id = @runtime_id", Text(filter.Runtime));
                Add(command, conditions, "submit_time_ms >= @since", filter.Since is DateTimeOffset since ? Ceiling(since) : null);
                if (after is TaskCursor cursor)
                {
                    conditions.Add("(submit_time_ms, seq) < (@time, @seq)");
                    command.With("time", cursor.SubmittedAtMs).With("seq", cursor.Sequence);
                }

                string where = conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)} ";
#pragma warning disable CA2100 // The conditions are our own; what callers give is in parameters.
                command.CommandText = $"SELECT {TaskTable.RecordColumns} FROM tasks {where}ORDER BY submit_time_ms DESC, seq DESC LIMIT @limit";
#pragma warning restore CA2100
                // One more tells whether there is a next page.
                List<(TaskRecord Task, TaskCursor Cursor)> rows = await command.With("limit", limit + 1)
                    .ReadAllAsync(reader => (TaskTable.ReadRecord(reader), TaskTable.ReadCursor(reader)), stop);
                return new TaskPage([.. rows.Take(limit).Select(row => row.Task)], rows.Count > limit ? rows[limit - 1].Cursor : null);
            },
            cancellationToken);

    private static string? Text(string? text) => text is null ? null : StoredText.Encode(text);

    // Tasks' times are whole milliseconds: those in the same one as "since" but before it are not meant.
    private static long Ceiling(DateTimeOffset time) =>
        time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);

    private static void Add(DbCommand command, List<string> conditions, string condition, object? value)
    {
        if (value is not null)
        {
            conditions.Add(condition);
            command.With(condition[(condition.IndexOf('@', StringComparison.Ordinal) + 1)..], value);
        }
    }
}
