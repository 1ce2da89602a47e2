using System.Data.Common;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>
/// That a process with a claim is alive, for others to see: a lock that the server takes back when the process or its machine dies. It is no
/// fence, which the claim is, but keeps a second server from starting beside the first.
/// </summary>
/// <param name="source">Makes its connection.</param>
/// <param name="schema">Where the tables are; null: where the connection looks for them.</param>
/// <param name="isExclusive">Whether it is held alone.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgresHold(NpgsqlDataSource source, string? schema, bool isExclusive, TimeProvider time) : IAsyncDisposable
{
    // What a process that was killed held is free when the server has noticed.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);

    // In a transaction, so that a pooler between us and the server gives the connection to nobody else. It reads nothing, so it keeps nothing from being
    // cleaned up. A machine that is gone is noticed after 25 s.
    private const string BeginSql =
        "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; "
        + "SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3";

    private const int FirstWithTransactionTimeout = 17;

    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;

    /// <summary>Takes it.</summary>
    /// <exception cref="StorageException">Another process holds it.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        while (!await TryTakeAsync(cancellationToken))
        {
            if (backoff.Elapsed > Wait)
            {
                throw new StorageException(
                    "Another server uses this PostgreSQL database. Stop it, or name another database, or another schema with Search Path=NAME in the connection string.",
                    isTransient: false);
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes it again where its connection has broken. Where another process has it by now, the claim will tell.</summary>
    /// <exception cref="DbException">The server could not be asked.</exception>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_connection is not null && await IsHeldAsync(_connection, cancellationToken))
            {
                return;
            }

            await LetGoAsync();
        }
        finally
        {
            _turn.Release();
        }

        await TryTakeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await LetGoAsync();
    }

    private static async Task<bool> IsHeldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using DbCommand command = connection.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            string begin = connection.PostgreSqlVersion.Major >= FirstWithTransactionTimeout ? BeginSql + "; SET LOCAL transaction_timeout = 0" : BeginSql;
            await using (DbCommand command = connection.CreateCommand(begin))
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }

            string kind = isExclusive ? "" : "_shared";
            await using DbCommand take = connection
                .CreateCommand($"SELECT pg_try_advisory_xact_lock{kind}(hashtextextended(coalesce(@schema::text, current_schema()::text, ''), 7311705472882732915))")
                .With("schema", schema as object ?? DBNull.Value);
            if (await take.ExecuteScalarAsync(cancellationToken) is true)
            {
                _connection = connection;
                return true;
            }
        }
        finally
        {
            if (_connection != connection)
            {
                await connection.DisposeAsync();
            }
        }

        return false;
    }

    private async Task LetGoAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
            _connection = null;
        }
    }
}
