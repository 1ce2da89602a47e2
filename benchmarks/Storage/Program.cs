using Executor.Benchmarks.Storage;
using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

// How many tasks a second are stored and completed, and how long one waits. Durable: SQLite without and with waiting for the
// disk, PostgreSQL as it is set up by default (each commit waits for the disk).
// Arguments: [TASKS (20000)] [CALLERS AT ONCE (512)] [only: sqlite | sqlite-full | postgres | memory | open=COUNT]
int tasks = args.Length > 0 ? int.Parse(args[0]) : 20_000;
int callers = args.Length > 1 ? int.Parse(args[1]) : 512;
string? only = args.Length > 2 ? args[2] : null;
Console.WriteLine($"{tasks} tasks, {callers} callers, {Environment.ProcessorCount} cores");

if (only is null or "sqlite")
{
    await WithSqliteAsync(SqliteDurability.ProcessCrash, store => Measurement.RunAsync("SQLite, survives a process crash", store, tasks, callers));
}

if (only is null or "sqlite-full")
{
    await WithSqliteAsync(SqliteDurability.PowerLoss, store => Measurement.RunAsync("SQLite, survives loss of power", store, tasks, callers));
}

if (only is null or "postgres")
{
    await using ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
    await using ITaskStore store = await SqlTaskStores.OpenPostgresAsync(
        cluster.ConnectionString, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
    await Measurement.RunAsync("PostgreSQL", store, tasks, callers);
}

if (only is null or "memory")
{
    await using var store = new InMemoryTaskStore(TimeProvider.System);
    await Measurement.RunAsync("Memory", store, tasks, callers);
}

if (only?.StartsWith("open=", StringComparison.Ordinal) == true)
{
    await WithSqliteAsync(SqliteDurability.ProcessCrash, store => Measurement.RunOpenAsync(store, int.Parse(only["open=".Length..])));
}

static async Task WithSqliteAsync(SqliteDurability durability, Func<ITaskStore, Task> measure)
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
