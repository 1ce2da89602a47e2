using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Schema;
using Microsoft.Data.Sqlite;

namespace Executor.Storage.Sql.Sqlite;

/// <summary>A SQLite file with a write-ahead log: readers and the writer don't wait for each other.</summary>
internal sealed class SqliteDatabase : SqlDatabase
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int Full = 13;

    /// <summary>Reads at once; they take processor time, not waits.</summary>
    private static readonly int MaxReaders = Environment.ProcessorCount + 1;

    private readonly SqlStoreOptions _options;
    private readonly string _connectionString;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SemaphoreSlim _reading = new(MaxReaders);

    public SqliteDatabase(string path, SqlStoreOptions options)
    {
        _options = options;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            // Own pool: one writer, a few readers, each set up once.
            Pooling = false,
            // How long one statement waits for another process; then it is repeated or fails as the options say.
            DefaultTimeout = 5,
        }.ToString();
    }

    /// <inheritdoc/>
    public override async Task<WriteConnection> OpenWriterAsync(CancellationToken cancellationToken) =>
        new SqliteWriteConnection(await OpenAsync(cancellationToken));

    /// <inheritdoc/>
    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        SqliteConnection? connection = null;
        try
        {
            if (!_readers.TryTake(out connection))
            {
                connection = await OpenAsync(cancellationToken);
            }

            return await read(connection, cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw Translate(exception);
        }
        finally
        {
            if (connection is not null)
            {
                _readers.Add(connection);
            }

            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public override string IsOneOf(string column, IReadOnlyCollection<string> texts, DbCommand command)
    {
        command.With("texts", JsonSerializer.Serialize([.. texts], StoredJson.Context.IReadOnlyListString));
        return $"{column} IN (SELECT value FROM json_each(@texts))";
    }

    /// <inheritdoc/>
    public override StorageException Translate(Exception exception)
    {
        string file = new SqliteConnectionStringBuilder(_connectionString).DataSource;
        return exception is SqliteException { SqliteErrorCode: int code } sqlite
            ? new StorageException($"SQLite could not use {file}: {Explain(sqlite)}", code is Busy or Locked or Full, exception)
            : new StorageException($"SQLite could not use {file}: {exception.Message}", isTransient: false, exception);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        for (int i = 0; i < MaxReaders; i++)
        {
            // Those in flight end first.
            await _reading.WaitAsync();
        }

        while (_readers.TryTake(out SqliteConnection? connection))
        {
            await connection.DisposeAsync();
        }

        _reading.Dispose();
    }

    /// <summary>Makes the tables, or brings them up to date.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await new SchemaMigrator("sqlite", "BEGIN IMMEDIATE").MigrateAsync(connection, cancellationToken);
    }

    /// <summary>Opens a connection, set up for reading and writing.</summary>
    private async Task<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            // A larger log before it is copied into the file: fewer copies of the pages that are written again and again.
            string synchronous = _options.Durability == SqliteDurability.PowerLoss ? "FULL" : "NORMAL";
            await using DbCommand command = connection.CreateCommand(
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; "
                + "PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY;");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch (SqliteException exception)
        {
            await connection.DisposeAsync();
            throw Translate(exception);
        }
    }

    private static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Busy or Locked => "another process holds it for writing.",
        Full => "the disk is full.",
        8 => "it can't be written; check its permissions and those of its folder.",
        11 => "it is damaged.",
        14 => "it can't be opened; check that its folder is there and may be written.",
        26 => "it is not a SQLite database.",
        _ => exception.Message,
    };
}
