using System.Data;
using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>The connection that writes to PostgreSQL: two round trips a transaction.</summary>
internal sealed class PostgresWriteConnection : WriteConnection
{
    // What task_numbers is incremented by.
    private const int SequenceBlock = 10_000;

    // Always by index: with tables that grow as fast as these, the planner's idea of their size is old, and a plan it made for a
    // small table reads all of a large one.
    private const string PlanSql = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

    // Waits for a transaction of this store that is still in flight on a broken connection, and says which was the last.
    private const string OpenSql =
        """
        INSERT INTO store_writers AS w (writer_id, batch) VALUES (@id, 0)
        ON CONFLICT (writer_id) DO UPDATE SET updated_at = now() RETURNING w.batch
        """;

    private const string MarkSql =
        """
        INSERT INTO store_writers (writer_id, batch) VALUES ($1, $2)
        ON CONFLICT (writer_id) DO UPDATE SET batch = excluded.batch, updated_at = now()
        """;

    // A process that stands still in the middle of a transaction would keep the one that takes over from taking its claim and its tasks.
    private const string ClaimedPlanSql = PlanSql + "; SET idle_in_transaction_session_timeout = '3s'";

    private readonly NpgsqlConnection _connection;
    private readonly Guid _writerId;
    private readonly WriterClaim? _claim;
    private readonly Queue<long> _blocks = [];
    private long _nextSequence;
    private long _endOfBlock;
    private long _sequencesLeft;
    private long _number;
    private bool _isUncertain;

    private PostgresWriteConnection(NpgsqlConnection connection, Guid writerId, WriterClaim? claim, long lastCommitted)
    {
        _connection = connection;
        _writerId = writerId;
        _claim = claim;
        LastCommitted = lastCommitted;
    }

    /// <inheritdoc/>
    public override bool IsUsable => _connection.FullState == ConnectionState.Open;

    /// <summary>Begins to use a connection, which belongs to the session from then on.</summary>
    public static async Task<PostgresWriteConnection> OpenAsync(
        NpgsqlConnection connection, Guid writerId, WriterClaim? claim, CancellationToken cancellationToken)
    {
        await using DbCommand plan = connection.CreateCommand(claim is null ? PlanSql : ClaimedPlanSql);
        await plan.ExecuteNonQueryAsync(cancellationToken);
        await using DbCommand open = connection.CreateCommand(OpenSql).With("id", writerId);
        return new PostgresWriteConnection(connection, writerId, claim, (long)(await open.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<TaskRow>> BeginAsync(
        long number, IReadOnlyCollection<string> taskIds, int newTasks, CancellationToken cancellationToken)
    {
        _number = number;
        int blocks = (int)((long.Max(newTasks - _sequencesLeft, 0) + SequenceBlock - 1) / SequenceBlock);
        await using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN"),
                PostgresBulk.Command(MarkSql, _writerId, number),
                PostgresClaims.Hold(_claim),
                PostgresBulk.Command("SELECT nextval('task_numbers') FROM generate_series(1, $1)", blocks),
                PostgresBulk.Load(taskIds),
            },
        };
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await PostgresClaims.RequireAsync(_claim, reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _blocks.Enqueue(reader.GetInt64(0));
            _sequencesLeft += SequenceBlock;
        }

        await reader.NextResultAsync(cancellationToken);
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
        if (writes.Count > 0)
        {
            await using NpgsqlBatch batch = BatchOf(writes);
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>The mark of every transaction is a write.</summary>
    public override Task TouchAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override DbCommand CreateCommand(string sql) => _connection.CreateCommand(sql);

    /// <inheritdoc/>
    public override async Task CommitAsync(IReadOnlyList<BulkWrite> writes, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = BatchOf(writes);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        _isUncertain = true;
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException)
        {
            // The server has said itself that it did not commit.
            _isUncertain = false;
            throw;
        }

        _isUncertain = false;
        LastCommitted = _number;
    }

    /// <inheritdoc/>
    public override async Task RollbackAsync()
    {
        if (_isUncertain || !IsUsable)
        {
            throw new InvalidOperationException("What became of the transaction is only known to a new connection.");
        }

        await using DbCommand command = CreateCommand("ROLLBACK");
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlBatch BatchOf(IReadOnlyList<BulkWrite> writes)
    {
        var batch = new NpgsqlBatch(_connection);
        foreach (BulkWrite write in writes)
        {
            batch.BatchCommands.Add(PostgresBulk.Of(write));
        }

        return batch;
    }
}
