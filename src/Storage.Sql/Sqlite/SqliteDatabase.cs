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
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CanNotOpen = 14;
    private const int NotADatabase = 26;

    // How long damage counts that something has met: it may be where the next one does not look.
    private static readonly TimeSpan DamageCounts = TimeSpan.FromSeconds(30);

    // KiB of pages that a connection remembers. There are more readers than cores, and the system remembers pages, too.
    private const int WriterCache = 32 << 10;
    private const int ReaderCache = 4 << 10;

    /// <summary>Reads at once; they take processor time, not waits.</summary>
    private static readonly int MaxReaders = Environment.ProcessorCount + 1;

    private readonly SqlStoreOptions _options;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<SqliteConnection> _readers = [];
    private readonly SemaphoreSlim _reading = new(MaxReaders);

    // Whether the connections there are may lead to a file, or to a state of it, that is no more.
    private volatile bool _isStale;
    private long _damagedAt;

    public SqliteDatabase(string path, SqlStoreOptions options, TimeProvider time) => (_path, _options, _time) = (path, options, time);

    /// <inheritdoc/>
    public override string? Damage =>
        Volatile.Read(ref _damagedAt) is > 0 and long at && _time.GetElapsedTime(at) < DamageCounts ? "the database is damaged" : null;

    /// <inheritdoc/>
    public override async Task<WriteConnection> OpenWriterAsync(CancellationToken cancellationToken)
    {
        if (_isStale)
        {
            await CloseReadersAsync(cancellationToken);
        }

        // Not made anew where it is gone: that would be another one, with nothing in it.
        SqliteConnection connection = await OpenAsync(SqliteOpenMode.ReadWrite, WriterCache, cancellationToken);
        return new SqliteWriteConnection(connection, SqlitePlace.Of(connection), () => !_isStale);
    }

    /// <inheritdoc/>
    public override async Task<T> ReadAsync<T>(Func<DbConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        SqliteConnection? connection = null;
        try
        {
            connection = await TakeReaderAsync(cancellationToken);
            return await read(connection, cancellationToken);
        }
        catch (SqliteException exception)
        {
            GivesUpConnections(exception);
            throw Translate(exception);
        }
        finally
        {
            await GiveBackAsync(connection);
            _reading.Release();
        }
    }

    /// <summary>On a connection of its own: others remember pages.</summary>
    public override async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using SqliteConnection connection = await OpenAsync(SqliteOpenMode.ReadWrite, ReaderCache, cancellationToken);
            await using DbCommand command = connection.CreateCommand("SELECT seq, spec_hash FROM tasks ORDER BY submit_time_ms DESC, seq DESC LIMIT 1");
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (SqliteException exception)
        {
            GivesUpConnections(exception);
            throw Translate(exception);
        }
    }

    /// <inheritdoc/>
    public override bool GivesUpConnections(Exception exception)
    {
        // The file has moved, or what a connection has open may be of a disk that was away, or of another state than the file.
        bool isOfTheConnection = exception is StorageException { IsTransient: true }
            or SqliteException { SqliteErrorCode: ReadOnly or InputOutput or Corrupt or CanNotOpen or NotADatabase };
        _isStale |= isOfTheConnection;
        return isOfTheConnection;
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
        if (exception is not SqliteException { SqliteErrorCode: int code } sqlite)
        {
            return new StorageException($"SQLite could not use {_path}: {exception.Message}", isTransient: false, exception) { Cause = "the database can't be used" };
        }

        if (code is Corrupt or NotADatabase)
        {
            Volatile.Write(ref _damagedAt, _time.GetTimestamp());
        }

        string problem = Explain(sqlite);
        return new StorageException(
            $"SQLite could not use {_path}: {problem}.", code is Busy or Locked or ReadOnly or InputOutput or Full or CanNotOpen, exception)
        {
            Cause = $"the database can't be used: {problem}",
        };
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        // Those in flight end first.
        await CloseReadersAsync(CancellationToken.None);
        _reading.Dispose();
    }

    /// <summary>Makes the file and its tables, or brings them up to date.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(SqliteOpenMode.ReadWriteCreate, WriterCache, cancellationToken);
        await new SchemaMigrator("sqlite", "BEGIN IMMEDIATE").MigrateAsync(connection, cancellationToken);
    }

    private async Task<SqliteConnection> TakeReaderAsync(CancellationToken cancellationToken)
    {
        if (_readers.TryTake(out SqliteConnection? connection))
        {
            if (!_isStale)
            {
                return connection;
            }

            await connection.DisposeAsync();
        }

        return await OpenAsync(SqliteOpenMode.ReadWrite, ReaderCache, cancellationToken);
    }

    private async ValueTask GiveBackAsync(SqliteConnection? connection)
    {
        if (connection is null)
        {
            return;
        }

        if (_isStale)
        {
            await connection.DisposeAsync();
            return;
        }

        _readers.Add(connection);
    }

    /// <summary>
    /// Waits for those that read, and closes all of them: two connections of a process that have different files open at the same path take each other's pages
    /// for their own.
    /// </summary>
    private async Task CloseReadersAsync(CancellationToken cancellationToken)
    {
        int held = 0;
        try
        {
            for (; held < MaxReaders; held++)
            {
                await _reading.WaitAsync(cancellationToken);
            }

            while (_readers.TryTake(out SqliteConnection? connection))
            {
                await connection.DisposeAsync();
            }

            _isStale = false;
        }
        finally
        {
            if (held > 0)
            {
                _reading.Release(held);
            }
        }
    }

    /// <summary>Opens a connection, set up for reading and writing.</summary>
    private async Task<SqliteConnection> OpenAsync(SqliteOpenMode mode, int cacheKb, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = mode,
            // Own pool: one writer, a few readers, each set up once.
            Pooling = false,
            // How long one statement waits for another process; then it is repeated or fails as the options say.
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            // A larger log before it is copied into the file: fewer copies of the pages that are written again and again.
            string synchronous = _options.Durability == SqliteDurability.PowerLoss ? "FULL" : "NORMAL";
            await using DbCommand command = connection.CreateCommand(
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; "
                + $"PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -{cacheKb}; PRAGMA temp_store = MEMORY; PRAGMA user_version;");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch (SqliteException exception)
        {
            await connection.DisposeAsync();
            GivesUpConnections(exception);
            throw Translate(exception);
        }
    }

    private static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        Busy or Locked => "another process holds it for writing",
        Full => "the disk is full",
        ReadOnly => "it is read-only; check its permissions and those of its folder",
        InputOutput => "the disk failed to read or write it",
        Corrupt => "it is damaged",
        CanNotOpen => "it can't be opened; check that it and its folder are there and may be written",
        NotADatabase => "it is not a SQLite database",
        _ => exception.Message.TrimEnd('.'),
    };
}
