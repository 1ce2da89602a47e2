using Executor.Storage.Sql.Tests.Postgres;
using Npgsql;

namespace Executor.Silo;

/// <summary>Silos on a PostgreSQL server, all of one test.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
    private readonly NpgsqlDataSource _database;
    private readonly List<SiloProcess> _silos = [];

    private SiloCluster(ThrowawayCluster postgres) =>
        (Postgres, _database) = (postgres, NpgsqlDataSource.Create($"{postgres.ConnectionString};Pooling=false"));

    public ThrowawayCluster Postgres { get; }

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The silo that the scheduler is on.</summary>
    public SiloProcess Scheduler => _silos.Where(silo => silo.IsRunning).MaxBy(silo => silo.Epoch)!;

    /// <summary>The silos that it is not on.</summary>
    public IReadOnlyList<SiloProcess> Others => [.. _silos.Where(silo => silo.IsRunning && silo != Scheduler)];

    /// <summary>Starts a server and silos on it.</summary>
    /// <param name="silos">How many.</param>
    /// <param name="configuration">Their configuration.</param>
    /// <param name="variables">Their environment variables, beside the test's own.</param>
    public static async Task<SiloCluster> StartAsync(int silos, string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        SiloCluster cluster = new(await ThrowawayCluster.StartNewAsync(PostgresServer.Folder));
        for (int i = 0; i < silos; i++)
        {
            cluster.Add(configuration, variables);
        }

        try
        {
            await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
            await Poll.UntilAsync("every silo's executor is registered", async () => await cluster.CountAsync("SELECT count(*) FROM executors") == silos);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts another one.</summary>
    public SiloProcess Add(string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        SiloProcess silo = SiloProcess.Start(_folder.FullName, Postgres.ConnectionString, configuration: configuration, variables: variables);
        _silos.Add(silo);
        return silo;
    }

    /// <summary>How many tasks have ended well.</summary>
    public Task<long> DoneAsync() => CountAsync("SELECT count(*) FROM tasks WHERE status = 'COMPLETED'");

    /// <summary>Waits until more tasks have ended well than had.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> ProgressAsync()
    {
        long start = TimeProvider.System.GetTimestamp();
        long before = await DoneAsync();
        await Poll.UntilAsync("tasks end again", async () => await DoneAsync() > before);
        return TimeProvider.System.GetElapsedTime(start);
    }

    /// <summary>Waits until so many tasks have ended well, and makes sure that each was recorded once and that there are no others.</summary>
    public async Task EndOnceAsync(int tasks)
    {
        await Poll.UntilAsync($"{tasks} tasks have ended", async () => await DoneAsync() == tasks);
        Assert.Equal(tasks, await CountAsync("SELECT count(DISTINCT result_id) FROM tasks"));
        Assert.Equal(tasks, await CountAsync("SELECT count(*) FROM code_execution_results"));
    }

    /// <summary>The database's answer; while it is away, -1.</summary>
    public async Task<long> CountAsync(string sql)
    {
        try
        {
#pragma warning disable CA2100 // The tests' own statements.
            await using NpgsqlCommand command = _database.CreateCommand(sql);
#pragma warning restore CA2100
            return (long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _silos.ForEach(silo => silo.Dispose());
        await _database.DisposeAsync();
        await Postgres.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
