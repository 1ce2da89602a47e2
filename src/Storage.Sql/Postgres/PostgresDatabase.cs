using System.Data.Common;
using System.Net.Sockets;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Npgsql;

namespace Executor.Storage.Sql.Postgres;

/// <summary>A PostgreSQL server. Several processes may use the same database.</summary>
internal sealed class PostgresDatabase(NpgsqlDataSource source, SqlStoreOptions options, TimeProvider time) : SqlDatabase
{
    private readonly Guid _writerId = Guid.CreateVersion7();

    /// <summary>The server's shutdown, planned or not, and no room for connections: all end by themselves.</summary>
    private static readonly HashSet<string> TransientStates =
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow,
        PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.ReadOnlySqlTransaction,
    ];

    /// <inheritdoc/>
    public override async Task<WriteSession> OpenWriterAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            return await PostgresWriteSession.OpenAsync(connection, _writerId, cancellationToken);
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
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
                return await read(connection, cancellationToken);
            }
            catch (Exception exception) when (exception is DbException or IOException or SocketException or TimeoutException)
            {
                StorageException failure = Translate(exception);
                if (!failure.IsTransient || backoff.Elapsed >= options.RetryFor)
                {
                    throw failure;
                }

                await backoff.WaitAsync(cancellationToken);
            }
        }
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
        PostgresException server => new StorageException(
            $"PostgreSQL refused: {server.MessageText} (SQLSTATE {server.SqlState}).",
            server.IsTransient || TransientStates.Contains(server.SqlState) || server.SqlState.StartsWith("08", StringComparison.Ordinal),
            server),
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException or TimeoutException }
            or IOException or SocketException or TimeoutException => new StorageException(
            $"PostgreSQL could not be reached, or the connection broke: {exception.Message}", isTransient: true, exception),
        _ => new StorageException($"PostgreSQL could not be used: {exception.Message}", isTransient: false, exception),
    };

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await using NpgsqlConnection connection = await source.OpenConnectionAsync();
            await using DbCommand command = connection.CreateCommand("DELETE FROM store_writers WHERE writer_id = @id").With("id", _writerId);
            await command.ExecuteNonQueryAsync();
        }
        catch (DbException)
        {
            // The row is removed by a later process.
        }

        await source.DisposeAsync();
    }
}
