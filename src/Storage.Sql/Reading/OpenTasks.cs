using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;

namespace Executor.Storage.Sql.Reading;

/// <summary>Where a page of open tasks ended.</summary>
internal readonly record struct OpenPlace(int Priority, TaskCursor Cursor);

/// <summary>Reads tasks that have not ended in the order in which they are to run, page by page, by the index that holds just them.</summary>
internal static class OpenTasks
{
    private const string Select = $"SELECT {TaskTable.RecordColumns} FROM tasks WHERE end_time_ms IS NULL";
    private const string Order = "ORDER BY priority DESC, submit_time_ms, seq LIMIT @limit";

    /// <summary>The page after a place; null: the first.</summary>
    /// <returns>The page, and where it ended; null: there is no further one.</returns>
    public static async Task<(IReadOnlyList<TaskRecord> Page, OpenPlace? End)> ReadPageAsync(
        SqlDatabase database, OpenPlace? after, int limit, CancellationToken cancellationToken)
    {
        if (after is not OpenPlace place)
        {
            return await ReadAsync(database, $"{Select} {Order}", limit, command => command, cancellationToken);
        }

        // Two simple ranges: an index has no single one for "lower priority, or the same and younger".
        (IReadOnlyList<TaskRecord> same, OpenPlace? end) = await ReadAsync(
            database,
            $"{Select} AND priority = @priority AND (submit_time_ms, seq) > (@time, @seq) {Order}",
            limit,
            command => command.With("priority", place.Priority).With("time", place.Cursor.SubmittedAtMs).With("seq", place.Cursor.Sequence),
            cancellationToken);
        return end is not null ? (same, end) : await WithLowerAsync(database, same, place.Priority, limit, cancellationToken);
    }

    private static async Task<(IReadOnlyList<TaskRecord> Page, OpenPlace? End)> WithLowerAsync(
        SqlDatabase database, IReadOnlyList<TaskRecord> page, int priority, int limit, CancellationToken cancellationToken)
    {
        (IReadOnlyList<TaskRecord> lower, OpenPlace? end) = await ReadAsync(
            database, $"{Select} AND priority < @priority {Order}", limit, command => command.With("priority", priority), cancellationToken);
        return ([.. page, .. lower], end);
    }

    private static async Task<(IReadOnlyList<TaskRecord> Page, OpenPlace? End)> ReadAsync(
        SqlDatabase database, string sql, int limit, Func<DbCommand, DbCommand> parameters, CancellationToken cancellationToken) =>
        await database.ReadAsync<(IReadOnlyList<TaskRecord>, OpenPlace?)>(
            async (connection, stop) =>
            {
                await using DbCommand command = parameters(connection.CreateCommand(sql)).With("limit", limit);
                TaskCursor cursor = default;
                List<TaskRecord> page = await command.ReadAllAsync(
                    reader =>
                    {
                        cursor = TaskTable.ReadCursor(reader);
                        return TaskTable.ReadRecord(reader);
                    },
                    stop);
                return (page, page.Count == limit ? new OpenPlace(page[^1].Priority, cursor) : null);
            },
            cancellationToken);
}
