using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Postgres;
using Executor.Storage.Sql.Sqlite;
using Executor.Text;
using Microsoft.Extensions.Logging;

namespace Executor.Storage.Sql;

/// <summary>Opens stores. Their tables are made, or brought up to date, when they are opened.</summary>
public static class SqlTaskStores
{
    /// <summary>Name of the SQLite file in the data folder.</summary>
    public const string FileName = "executor.db";

    /// <summary>Opens the store that the configuration names; without one, the SQLite file in the data folder.</summary>
    /// <inheritdoc cref="OpenSqliteAsync"/>
    public static Task<ITaskStore> OpenAsync(
        StorageOptions storage, string dataFolder, SqlStoreOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken) =>
        storage.Postgres is Secret connectionString
            ? OpenPostgresAsync(connectionString.Reveal(), options, time, logger, cancellationToken)
            : OpenSqliteAsync(storage.SqlitePath ?? Path.Combine(dataFolder, FileName), options, time, logger, cancellationToken);

    /// <summary>Opens a SQLite file; it (0600) and its folder (0700) are made where they are missing.</summary>
    /// <exception cref="StorageException">It can't be opened, is no database, or was written by a newer program.</exception>
    public static async Task<ITaskStore> OpenSqliteAsync(
        string path, SqlStoreOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        path = Path.GetFullPath(path);
        var database = new SqliteDatabase(path, options, time);
        return await OpenAsync(
            database,
            () =>
            {
                OwnerFile.MakeFolder(Path.GetDirectoryName(path)!);
                MakeFile(path);
                return database.MigrateAsync(cancellationToken);
            },
            options,
            time,
            logger);
    }

    /// <summary>Opens a PostgreSQL database, which must be there.</summary>
    /// <exception cref="StorageException">It can't be reached, refused, or was written by a newer program.</exception>
    public static async Task<ITaskStore> OpenPostgresAsync(
        string connectionString, SqlStoreOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(PostgresSources.Of(connectionString, options.Schema, options.MaxReaders), options, time, logger);
        return await OpenAsync(database, () => database.MigrateAsync(cancellationToken), options, time, logger);
    }

    /// <summary>A PostgreSQL connection string for others of the process: with a pool of at most so many connections, unless it says how many itself.</summary>
    /// <exception cref="StorageException">It can't be read.</exception>
    public static string WithPool(string connectionString, int most) => PostgresPool.Bound(connectionString, most).ConnectionString;

    /// <summary>SQLite would make it as the umask says; the log beside it, and the log's index, it makes as this one is.</summary>
    private static void MakeFile(string path)
    {
        if (!File.Exists(path))
        {
            OwnerFile.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        }
    }

    private static async Task<ITaskStore> OpenAsync(
        SqlDatabase database, Func<Task> prepare, SqlStoreOptions options, TimeProvider time, ILogger logger)
    {
        try
        {
            await prepare();
            return new SqlTaskStore(database, options, time, logger);
        }
        catch (Exception exception)
        {
            await database.DisposeAsync();
            if (exception is DbException or IOException or UnauthorizedAccessException)
            {
                throw database.Translate(exception);
            }

            throw;
        }
    }
}
