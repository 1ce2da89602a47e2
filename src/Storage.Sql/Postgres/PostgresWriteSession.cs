using System.Data;
using System.Data.Common;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>The connection that writes to PostgreSQL.</summary>
internal sealed class PostgresWriteSession : WriteSession
{
    // What task_numbers is incremented by.
    private const int SequenceBlock = 10_000;

    private const string MarkSql =
        """
        INSERT INTO store_writers AS w (writer_id, batch) VALUES ($1, $2)
        ON CONFLICT (writer_id) DO UPDATE SET batch = excluded.batch, updated_at = now()
        """;

    private readonly NpgsqlConnection _connection;
    private readonly Guid _writerId;
    private NpgsqlTransaction? _transaction;
    private readonly Queue<long> _blocks = [];
    private long _nextSequence;
    private long _endOfBlock;
    private long _sequencesLeft;
    private long _number;
    private bool _isCommitting;

    private PostgresWriteSession(NpgsqlConnection connection, Guid writerId, long lastCommitted)
    {
        _connection = connection;
        _writerId = writerId;
        LastCommitted = lastCommitted;
    }

    public static async Task<PostgresWriteSession> OpenAsync(NpgsqlConnection connection, Guid writerId, CancellationToken cancellationToken)
    {
        await using DbCommand command = connection.CreateCommand(
            """
            INSERT INTO store_writers AS w (writer_id, batch) VALUES (@id, 0)
            ON CONFLICT (writer_id) DO UPDATE SET updated_at = now() RETURNING w.batch
            """).With("id", writerId);
        // Waits until a transaction of this store that is still in flight on a broken connection has ended, and says how.
        return new PostgresWriteSession(connection, writerId, (long)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <inheritdoc/>
    public override bool IsUsable => _connection.FullState == ConnectionState.Open;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<TaskRow>> BeginAsync(
        long number, IReadOnlyCollection<string> taskIds, int newTasks, CancellationToken cancellationToken)
    {
        _isCommitting = false;
        _number = number;
        _transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(_connection, _transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(MarkSql)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = _writerId }, new NpgsqlParameter<long> { TypedValue = number } },
        });
        int missing = (int)long.Max(newTasks - _sequencesLeft, 0);
        if (missing > 0)
        {
            int blocks = ((missing - 1) / SequenceBlock) + 1;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT nextval('task_numbers') FROM generate_series(1, $1)")
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = blocks } },
            });
        }

        batch.BatchCommands.Add(PostgresBulk.Load(taskIds));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (missing > 0 && await reader.ReadAsync(cancellationToken))
        {
            _blocks.Enqueue(reader.GetInt64(0));
            _sequencesLeft += SequenceBlock;
        }

        if (missing > 0)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        List<TaskRow> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(TaskRow.Read(reader));
        }

        return rows;
    }

    /// <inheritdoc/>
    public override long NextSequence()
    {
        if (_nextSequence == _endOfBlock)
        {
            _nextSequence = _blocks.Dequeue();
            _endOfBlock = _nextSequence + SequenceBlock;
        }

        _sequencesLeft--;
        return _nextSequence++;
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(_connection, _transaction);
        foreach (BulkWrite write in writes)
        {
            batch.BatchCommands.Add(PostgresBulk.Of(write));
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        for (int i = 0; i < writes.Count; i++)
        {
            if (writes[i].Kind == BulkKind.InsertNew && batch.BatchCommands[i].RecordsAffected < writes[i].Count)
            {
                throw RowTaken();
            }
        }
    }

    /// <inheritdoc/>
    public override DbCommand CreateCommand(string sql)
    {
        DbCommand command = _connection.CreateCommand(sql);
        command.Transaction = _transaction;
        return command;
    }

    /// <inheritdoc/>
    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        _isCommitting = true;
        await _transaction!.CommitAsync(cancellationToken);
        await _transaction.DisposeAsync();
        _transaction = null;
        LastCommitted = _number;
    }

    /// <inheritdoc/>
    public override async Task RollbackAsync()
    {
        if (_isCommitting || !IsUsable)
        {
            throw new InvalidOperationException("What became of the transaction is only known to a new connection.");
        }

        if (_transaction is not null)
        {
            await _transaction.RollbackAsync();
            await _transaction.DisposeAsync();
            _transaction = null;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }

        await _connection.DisposeAsync();
    }
}
