using System.Data.Common;
using System.Net.Sockets;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>A PostgreSQL server. Several processes may use the same database.</summary>
internal sealed partial class PostgresDatabase(
    PostgresSources sources, SqlStoreOptions options, TimeProvider time, ILogger logger) : SqlDatabase
{
    // Any number that no other program is likely to lock: the letters "executor".
    private const string BeginMigration = "BEGIN; SELECT pg_advisory_xact_lock(7311705472882732914)";

    private readonly Guid _writerId = Guid.CreateVersion7();

    private const string IdleInTransaction = "25P03";

    // The server's shutdown, planned or not, and no room for connections: all end by themselves.
    private static readonly HashSet<string> TransientStates =
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow,
        IdleInTransaction, PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.ReadOnlySqlTransaction,
    ];

    // What a connection may have from the server it leads to, or from when it was made: read-only, a timeout, an end that has begun, no room.
    // A new one may be without it.
    private static bool IsOfTheConnection(string state) =>
        state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal);

    private readonly PostgresHold? _hold =
        options.Claim is WriterClaim claimed ? new PostgresHold(sources.Holder, options.Schema, claimed.IsExclusive, time, logger) : null;

    /// <summary>Makes the tables, or brings them up to date.</summary>
    /// <exception cref="StorageException">It failed, or another server is there that it can't share with.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (_hold is not null)
        {
            // Before anything is changed.
            await RepeatAsync(_hold.TakeAsync, cancellationToken);
        }

        await MakeTablesAsync(cancellationToken);
        _hold?.Watch(CheckClaimAsync);
    }

    private Task<int> MakeTablesAsync(CancellationToken cancellationToken) => ReadAsync(
        async (connection, stop) =>
        {
            string schema = options.Schema is string name ? $"; CREATE SCHEMA IF NOT EXISTS \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : "";
            await new SchemaMigrator("postgres", BeginMigration + schema).MigrateAsync(connection, stop);
            if (options.Claim is WriterClaim claim)
            {
                await PostgresClaims.MakeAsync(claim, connection, CheckClaimAsync, stop);
            }

            // Of processes that were killed.
            await using DbCommand command = connection.CreateCommand("DELETE FROM store_writers WHERE updated_at < now() - interval '7 days'");
            return await command.ExecuteNonQueryAsync(stop);
        },
        cancellationToken);

    private Task CheckClaimAsync(CancellationToken cancellationToken) => ReadAsync(
        (connection, stop) => PostgresClaims.CheckAsync(options.Claim!, connection, stop), cancellationToken);

    /// <inheritdoc/>
    public override async Task<WriteConnection> OpenWriterAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await sources.Writer.OpenConnectionAsync(cancellationToken);
        try
        {
            return await PostgresWriteConnection.OpenAsync(connection, _writerId, options.Claim, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        T answer = default!;
        await RepeatAsync(
            async stop =>
            {
                await using NpgsqlConnection connection = await sources.Reader.OpenConnectionAsync(stop);
                answer = await read(connection, stop);
            },
            cancellationToken);
        return answer;
    }

    /// <inheritdoc/>
    public override string IsOneOf(string column, IReadOnlyCollection<string> texts, DbCommand command)
    {
        command.With("texts", texts.ToArray());
        return $"{column} = ANY (@texts)";
    }

    /// <inheritdoc/>
    public override StorageException Translate(Exception exception) => exception switch
    {
        // The tasks were not there when the transaction looked: the next try finds them.
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "tasks" } => new StorageException(
            "Another process has stored the same task at the same time.", isTransient: true, exception),
        PostgresException server => new StorageException(
            $"PostgreSQL refused: {server.MessageText} (SQLSTATE {server.SqlState}).",
            server.IsTransient || TransientStates.Contains(server.SqlState) || server.SqlState.StartsWith("08", StringComparison.Ordinal),
            server)
        {
            Cause = CauseOf(server.SqlState),
        },
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException or TimeoutException }
            or IOException or SocketException or TimeoutException => new StorageException(
            $"PostgreSQL could not be reached, or the connection broke: {exception.Message}", isTransient: true, exception)
        {
            Cause = "the database can't be reached",
        },
        _ => new StorageException($"PostgreSQL could not be used: {exception.Message}", isTransient: false, exception),
    };

    /// <inheritdoc/>
    public override Task ProbeAsync(CancellationToken cancellationToken) => ReadAsync(
        async (connection, stop) =>
        {
            await using DbCommand command = connection.CreateCommand("SELECT seq FROM tasks ORDER BY seq DESC LIMIT 1");
            return await command.ExecuteScalarAsync(stop);
        },
        cancellationToken);

    /// <inheritdoc/>
    public override bool GivesUpConnections(Exception exception)
    {
        if (exception is not PostgresException server || !IsOfTheConnection(server.SqlState))
        {
            return false;
        }

        // Those in use are closed when they are given back.
        sources.Reader.Clear();
        sources.Writer.Clear();
        return true;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_hold is not null)
        {
            await _hold.DisposeAsync();
        }

        try
        {
            await using NpgsqlConnection connection = await sources.Reader.OpenConnectionAsync();
            await using DbCommand command = connection.CreateCommand("DELETE FROM store_writers WHERE writer_id = @id").With("id", _writerId);
            await command.ExecuteNonQueryAsync();
        }
        catch (DbException)
        {
            // The row is removed by a later process.
        }

        await sources.DisposeAsync();
    }

    /// <summary>Does something, again and again while the database is away.</summary>
    private async Task RepeatAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                await work(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is DbException or IOException or SocketException or TimeoutException)
            {
                GivesUpConnections(exception);
                StorageException failure = Translate(exception);
                if (!failure.IsTransient || backoff.Elapsed >= options.RetryFor)
                {
                    throw failure;
                }

                LogRetry(logger, backoff.Failures, failure.Message);
                await backoff.WaitAsync(cancellationToken);
            }
        }
    }

    private static string CauseOf(string state) => state switch
    {
        PostgresErrorCodes.ReadOnlySqlTransaction => "the database is read-only",
        PostgresErrorCodes.DiskFull => "the database's disk is full",
        PostgresErrorCodes.TooManyConnections => "the database has no room for connections",
        PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => "the database is starting or shutting down",
        PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => "the database took too long, or something is locked",
        _ => $"the database refused (SQLSTATE {state})",
    };

    [LoggerMessage(EventId = 304, Level = LogLevel.Warning, Message = "[304] Reading from the database failed ({Failures} times before); trying again. {Reason}")]
    private static partial void LogRetry(ILogger logger, int failures, string reason);
}
