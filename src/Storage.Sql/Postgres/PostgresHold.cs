using System.Data.Common;
using System.Net.Sockets;
using Executor.Storage.Sql.Databases;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>
/// That a process with a claim is alive, for others to see: a lock on a connection of its own, which the server takes back when the process dies. It keeps a
/// second server from starting beside the first; what fences writes is the claim's number.
/// </summary>
/// <param name="source">Makes its connections.</param>
/// <param name="schema">Where the tables are; null: where the connection looks for them.</param>
/// <param name="isExclusive">Whether it is held alone.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when it is lost and when it is held again.</param>
internal sealed partial class PostgresHold(NpgsqlDataSource source, string? schema, bool isExclusive, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    // What a process that was killed held is free when the server has noticed.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const int FirstWithTransactionTimeout = 17;

    // In a transaction, so that a pooler between us and the server gives the connection to nobody else. It has no snapshot, so it keeps nothing from being
    // cleaned up. A machine that is gone is noticed after 25 s.
    private const string BeginSql =
        "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; "
        + "SET LOCAL tcp_keepalives_idle = 10; SET LOCAL tcp_keepalives_interval = 5; SET LOCAL tcp_keepalives_count = 3";

    private readonly CancellationTokenSource _stopping = new();
    private NpgsqlConnection? _connection;
    private Task _watching = Task.CompletedTask;

    /// <summary>Takes it, and waits a little where it is held.</summary>
    /// <exception cref="StorageException">Another process holds it.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        while (_connection is null && !await TryTakeAsync(cancellationToken))
        {
            if (backoff.Elapsed > Wait)
            {
                throw new StorageException(
                    "Another server uses this PostgreSQL database. Stop it, or name another database, or another schema with Search Path=NAME in the connection string.",
                    isTransient: false)
                {
                    Cause = "another server uses the database",
                };
            }

            await backoff.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Begins to look after it, once a second: it is taken again when its connection has broken.</summary>
    /// <param name="check">Looks whether another has claimed the database meanwhile.</param>
    public void Watch(Func<CancellationToken, Task> check) => _watching = Task.Run(() => WatchAsync(check));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        await LetGoAsync();
        _stopping.Dispose();
    }

    private async Task WatchAsync(Func<CancellationToken, Task> check)
    {
        try
        {
            using PeriodicTimer timer = new(Period, time);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await KeepAsync();
                    // Another may have had it in between, or has it now.
                    await check(_stopping.Token);
                }
                catch (Exception away) when (away is DbException or IOException or SocketException or TimeoutException or StorageException)
                {
                    // The database is away, for whoever would take it over, too.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }

    private async Task KeepAsync()
    {
        if (_connection is NpgsqlConnection connection)
        {
            if (await AnswersAsync(connection))
            {
                return;
            }

            await LetGoAsync();
            LogLost(logger);
        }

        if (await TryTakeAsync(_stopping.Token))
        {
            LogHeld(logger);
        }
    }

    private async Task<bool> AnswersAsync(NpgsqlConnection connection)
    {
        try
        {
            await using DbCommand command = connection.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(_stopping.Token);
            return true;
        }
        catch (Exception broken) when (broken is DbException or IOException or SocketException or TimeoutException or InvalidOperationException)
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
            }
        }
        finally
        {
            if (_connection != connection)
            {
                await connection.DisposeAsync();
            }
        }

        return _connection is not null;
    }

    private async Task LetGoAsync()
    {
        if (_connection is NpgsqlConnection connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message = "[305] The connection that keeps other servers from this database broke; it is made again.")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(EventId = 306, Level = LogLevel.Information, Message = "[306] Other servers are kept from this database again.")]
    private static partial void LogHeld(ILogger logger);
}
