using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Microsoft.Data.Sqlite;

namespace Executor.Storage.Sql.Sqlite;

/// <summary>The connection that writes to SQLite. Its work takes little time and is done on the caller's thread.</summary>
internal sealed class SqliteWriteConnection(SqliteConnection connection, SqlitePlace place, Func<bool> isUsable) : WriteConnection
{
    private readonly Dictionary<(BulkKind, string), SqliteStatement> _statements = [];
    private readonly Dictionary<string, DbCommand> _commands = [];
    private long _lastSequence;
    private long _number;

    /// <inheritdoc/>
    public override bool IsUsable => isUsable();

    /// <inheritdoc/>
    public override Task<IReadOnlyList<TaskRow>> BeginAsync(
        long number, IReadOnlyCollection<string> taskIds, int newTasks, CancellationToken cancellationToken)
    {
        // At once for writing: no other process can come between what is read here and what is written.
        Prepared("BEGIN IMMEDIATE").ExecuteNonQuery();
        _number = number;
        if (newTasks > 0)
        {
            // Callbacks stay when their tasks have been removed.
            _lastSequence = (long)Prepared("SELECT max((SELECT coalesce(max(seq), 0) FROM tasks), (SELECT coalesce(max(seq), 0) FROM callbacks))").ExecuteScalar()!;
        }

        return Task.FromResult<IReadOnlyList<TaskRow>>(Load(taskIds));
    }

    /// <inheritdoc/>
    public override long NextSequence() => ++_lastSequence;

    /// <inheritdoc/>
    public override Task WriteAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken)
    {
        foreach (BulkWrite write in writes)
        {
            if (!_statements.TryGetValue(write.Shape, out SqliteStatement? statement))
            {
                _statements.Add(write.Shape, statement = new SqliteStatement(connection, SqlOf(write)));
            }

            statement.Execute(write.Columns);
        }

        return Task.CompletedTask;
    }

    /// <summary>Writes a number in the header that nothing else uses.</summary>
    public override Task TouchAsync(CancellationToken cancellationToken)
    {
        Prepared("PRAGMA user_version = 1").ExecuteNonQuery();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override DbCommand CreateCommand(string sql) => connection.CreateCommand(sql);

    /// <inheritdoc/>
    public override async Task CommitAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken)
    {
        await WriteAsync(writes, cancellationToken);
        place.Require();
        Prepared("COMMIT").ExecuteNonQuery();
        // Once more, for who deleted it meanwhile: what is not in the file is not acknowledged.
        place.Require();
        LastCommitted = _number;
    }

    /// <inheritdoc/>
    public override Task RollbackAsync()
    {
        // Some failures have already ended the transaction.
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
        {
            Prepared("ROLLBACK").ExecuteNonQuery();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        foreach (SqliteStatement statement in _statements.Values)
        {
            statement.Dispose();
        }

        foreach (DbCommand command in _commands.Values)
        {
            await command.DisposeAsync();
        }

        await connection.DisposeAsync();
    }

    private static string SqlOf(BulkWrite write) => write.Kind == BulkKind.Update
        ? $"UPDATE {write.Table} SET {string.Join(", ", write.Columns.Skip(1).Select((column, i) => $"{column.Name} = ?{i + 2}"))} WHERE {write.Columns[0].Name} = ?1"
        : write.InsertSql($"VALUES ({string.Join(", ", write.Columns.Select((_, i) => $"?{i + 1}"))})");

    private List<TaskRow> Load(IReadOnlyCollection<string> taskIds)
    {
        List<TaskRow> rows = [];
        DbCommand command = Prepared($"SELECT {TaskRow.Columns} FROM tasks WHERE task_id = @task_id");
        if (command.Parameters.Count == 0)
        {
            command.With("task_id", "");
        }

        foreach (string taskId in taskIds)
        {
            command.Parameters[0].Value = StoredText.Encode(taskId);
            using DbDataReader reader = command.ExecuteReader();
            if (reader.Read())
            {
                rows.Add(TaskRow.Read(reader));
            }
        }

        return rows;
    }

    private DbCommand Prepared(string sql)
    {
        if (!_commands.TryGetValue(sql, out DbCommand? command))
        {
            _commands.Add(sql, command = connection.CreateCommand(sql));
        }

        return command;
    }
}
