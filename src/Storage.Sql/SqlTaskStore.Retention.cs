using System.Data.Common;
using System.Globalization;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;

namespace Executor.Storage.Sql;

internal sealed partial class SqlTaskStore
{
    /// <summary>Ended tasks removed in one transaction: some milliseconds' work, after which other writes have their turn.</summary>
    private const int RetentionStep = 500;

    /// <inheritdoc/>
    public async Task<long> ApplyRetentionAsync(RetentionOptions options, CancellationToken cancellationToken)
    {
        long removed = 0;
        if (options.MaxAge is TimeSpan age)
        {
            long before = (_time.GetUtcNow() - age).ToUnixTimeMilliseconds();
            removed += await RemoveAsync(before, long.MaxValue, RemoveStepAsync, cancellationToken);
            await RemoveAsync(before, long.MaxValue, RemoveCallbacksAsync, cancellationToken);
        }

        if (options.MaxTasks is int max)
        {
            List<long> ended = await ReadAllAsync(
                "SELECT count(*) FROM tasks WHERE end_time_ms IS NOT NULL", command => command, reader => reader.GetInt64(0), cancellationToken);
            removed += await RemoveAsync(long.MaxValue, ended[0] - max, RemoveStepAsync, cancellationToken);
            CallbackCounts callbacks = await CountCallbacksAsync(cancellationToken);
            await RemoveAsync(long.MaxValue, callbacks.Dead - max, RemoveCallbacksAsync, cancellationToken);
        }

        return removed;
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindNewestTimeAsync(CancellationToken cancellationToken)
    {
        // max() of both together would look at every row.
        List<DateTimeOffset?[]> newest = await ReadAllAsync(
            "SELECT (SELECT submit_time_ms FROM tasks ORDER BY submit_time_ms DESC LIMIT 1), "
            + "(SELECT end_time_ms FROM tasks WHERE end_time_ms IS NOT NULL ORDER BY end_time_ms DESC LIMIT 1)",
            command => command,
            reader => new[] { reader.TimeOrNull(0), reader.TimeOrNull(1) },
            cancellationToken);
        return newest[0].Max();
    }

    /// <inheritdoc/>
    public async Task<long> CountEndedAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<long> count = await ReadAllAsync(
            "SELECT count(*) FROM tasks WHERE end_time_ms IS NOT NULL AND end_time_ms < @before",
            command => command.With("before", before.ToUnixTimeMilliseconds()),
            reader => reader.GetInt64(0),
            cancellationToken);
        return count[0];
    }

    /// <summary>Removes what ended first, as long as it ended before a time, up to a number.</summary>
    private async Task<long> RemoveAsync(
        long before, long most, Func<WriteConnection, long, long, CancellationToken, Task<int>> removeStep, CancellationToken cancellationToken)
    {
        long removed = 0;
        while (removed < most)
        {
            long step = long.Min(most - removed, RetentionStep);
            int count = await _writes.WriteAsync(
                new StatementRequest<int>((session, stop) => removeStep(session, before, step, stop)), cancellationToken);
            removed += count;
            if (count < step)
            {
                break;
            }
        }

        return removed;
    }

    private static async Task<int> RemoveStepAsync(WriteConnection session, long before, long limit, CancellationToken cancellationToken)
    {
        await using DbCommand find = session
            .CreateCommand("SELECT seq FROM tasks WHERE end_time_ms IS NOT NULL AND end_time_ms < @before ORDER BY end_time_ms, seq LIMIT @limit")
            .With("before", before)
            .With("limit", limit);
        // Numbers of our own: they can stand in the statement.
        string sequences = string.Join(',', (await find.ReadAllAsync(reader => reader.GetInt64(0), cancellationToken))
            .Select(sequence => sequence.ToString(CultureInfo.InvariantCulture)));
        if (sequences.Length == 0)
        {
            return 0;
        }

        await ExecuteAsync(session, $"DELETE FROM code_execution_results WHERE id IN (SELECT result_id FROM tasks WHERE seq IN ({sequences}))", cancellationToken);
        await ExecuteAsync(session, $"DELETE FROM task_specs WHERE seq IN ({sequences})", cancellationToken);
        return await ExecuteAsync(session, $"DELETE FROM tasks WHERE seq IN ({sequences})", cancellationToken);
    }

    private static async Task<int> RemoveCallbacksAsync(WriteConnection session, long before, long limit, CancellationToken cancellationToken)
    {
        await using DbCommand command = session
            .CreateCommand(
                "DELETE FROM callbacks WHERE seq IN (SELECT seq FROM callbacks WHERE state = 'DEAD' AND end_time_ms < @before ORDER BY end_time_ms, seq LIMIT @limit)")
            .With("before", before)
            .With("limit", limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(WriteConnection session, string sql, CancellationToken cancellationToken)
    {
        await using DbCommand command = session.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
