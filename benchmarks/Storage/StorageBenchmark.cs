using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Databases;
using Executor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Benchmarks.Storage;

/// <summary>
/// How many tasks a second are stored and completed, and how long one waits. Durable: SQLite without and with waiting for the
/// disk, PostgreSQL as it is set up by default (each commit waits for the disk). With "waiting" as the last argument, so many tasks
/// are stored and read back as after a restart.
/// </summary>
internal static class StorageBenchmark
{
    /// <param name="args">[TASKS (20000)] [CALLERS AT ONCE (512)] [sqlite | sqlite-full | postgres | memory] [waiting]</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int tasks = args.Length > 0 ? int.Parse(args[0]) : 20_000;
        int callers = args.Length > 1 ? int.Parse(args[1]) : 512;
        string? only = args.Length > 2 ? args[2] : null;
        Func<string, ITaskStore, Task> measure = args.Length > 3
            ? (name, store) => Measurement.RunWaitingAsync(name, store, tasks)
            : (name, store) => Measurement.RunAsync(name, store, tasks, callers);
        Console.WriteLine($"{tasks} tasks, {callers} callers, {Environment.ProcessorCount} cores");

        if (only is null or "sqlite")
        {
            await WithSqliteAsync(SqliteDurability.ProcessCrash, store => measure("SQLite, survives a process crash", store));
        }

        if (only is null or "sqlite-full")
        {
            await WithSqliteAsync(SqliteDurability.PowerLoss, store => measure("SQLite, survives loss of power", store));
        }

        if (only is null or "postgres")
        {
            await using ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
            await using ITaskStore store = await SqlTaskStores.OpenPostgresAsync(
                cluster.ConnectionString, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            await measure("PostgreSQL", store);
        }

        if (only is null or "memory")
        {
            await using var store = new InMemoryTaskStore(TimeProvider.System);
            await measure("Memory", store);
        }
        return 0;
    }

    private static async Task WithSqliteAsync(SqliteDurability durability, Func<ITaskStore, Task> measure)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-storage-");
        try
        {
            await using ITaskStore store = await SqlTaskStores.OpenSqliteAsync(
                Path.Combine(folder.FullName, SqlTaskStores.FileName),
                new SqlStoreOptions { Durability = durability },
                TimeProvider.System,
                NullLogger.Instance,
                CancellationToken.None);
            await measure(store);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
