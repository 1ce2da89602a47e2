using System.Globalization;
using System.Text;
using Executor.Silo.Network;
using Npgsql;

namespace Executor.Silo;

/// <summary>Silos on a PostgreSQL server, all of one test.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private const int Size = 3;
    private const int LastWords = 4_000;
    private static readonly TimeSpan LongTask = TimeSpan.FromMilliseconds(80);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
    private readonly NpgsqlDataSource _database;
    private readonly List<SiloProcess> _silos = [];

    private readonly SplittableNetwork? _network;

    private SiloCluster(ThrowawayCluster postgres, SplittableNetwork? network) =>
        (Postgres, _network, _database) = (postgres, network, NpgsqlDataSource.Create($"{postgres.ConnectionString};Application Name=test;Maximum Pool Size=2;Connection Pruning Interval=1;Connection Idle Lifetime=2"));

    public ThrowawayCluster Postgres { get; }

    /// <summary>Where its files are.</summary>
    public string Folder => _folder.FullName;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The silo that the scheduler is on.</summary>
    public SiloProcess Scheduler => _silos.Where(silo => silo.IsRunning).MaxBy(silo => silo.Epoch)!;

    /// <summary>The silos that it is not on.</summary>
    public IReadOnlyList<SiloProcess> Others => [.. _silos.Where(silo => silo.IsRunning && silo != Scheduler)];

    /// <summary>Starts a server and silos on it.</summary>
    /// <param name="network">Where its silos are; it goes with the cluster. Null: on loopback.</param>
    /// <param name="silos">How many.</param>
    /// <param name="configuration">Their configuration.</param>
    /// <param name="variables">Their environment variables, beside the test's own.</param>
    public static async Task<SiloCluster> StartAsync(
        SplittableNetwork? network = null, int silos = Size, string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        SiloCluster cluster = new(await ThrowawayCluster.StartNewAsync(PostgresServer.Folder, network?.DatabaseAddress ?? "127.0.0.1"), network);
        try
        {
            for (int i = 0; i < silos; i++)
            {
                await cluster.AddAsync(configuration, variables);
            }

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
    public async Task<SiloProcess> AddAsync(string configuration = "", IReadOnlyDictionary<string, string>? variables = null)
    {
        SiloPlace place = _network is null ? SiloPlace.Loopback : await _network.AddAsync();
        SiloProcess silo = SiloProcess.Start(Folder, Postgres.ConnectionString, place, configuration, variables);
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

    /// <summary>Waits until something that a silo runs is noted.</summary>
    public Task RunsAsync(SiloProcess silo) => Poll.UntilAsync(
        $"the silo on port {silo.SiloPort} runs something",
        async () => await CountAsync($"SELECT count(*) FROM tasks WHERE {silo.IsExecutor}") > 0);

    /// <summary>Waits until so many tasks have ended well.</summary>
    public Task EndedAsync(int tasks) => Poll.UntilAsync(
        $"{tasks} tasks have ended", async () => await DoneAsync() >= tasks, Poll.TimeLimit + (tasks * LongTask), StateAsync);

    /// <summary>Waits until so many tasks have ended well; makes sure that each was recorded once, with its own output, and that there are no others.</summary>
    public async Task EndOnceAsync(int tasks)
    {
        await EndedAsync(tasks);
        Assert.Equal(tasks, await CountAsync("SELECT count(*) FROM tasks"));
        Assert.Equal(tasks, await CountAsync("SELECT count(DISTINCT result_id) FROM tasks"));
        Assert.Equal(tasks, await CountAsync("SELECT count(*) FROM code_execution_results"));
        Assert.Equal(tasks, await CountAsync(
            "SELECT count(*) FROM tasks t JOIN code_execution_results r ON r.id = t.result_id WHERE r.stdout = t.task_id || chr(10)"));
    }

    /// <summary>How many tasks were run again.</summary>
    public Task<long> RepeatedAsync() => CountAsync("SELECT count(*) FROM tasks WHERE attempt > 1");

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

    /// <summary>How things are, for a test that fails: the tasks by what became of them, and what each silo said last.</summary>
    public async Task<string> StateAsync()
    {
        const string Groups = """
            SELECT format('%s tasks %s, attempt %s, executor %s, e.g. %s', count(*), status, attempt, coalesce(executor_id, 'none'), min(task_id))
            FROM tasks GROUP BY status, attempt, executor_id ORDER BY status
            """;
        StringBuilder state = new();
        try
        {
            await using NpgsqlCommand command = _database.CreateCommand(Groups);
            await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                state.AppendLine().Append(rows.GetString(0));
            }
        }
        catch (NpgsqlException away)
        {
            state.AppendLine().Append(away.Message);
        }

        foreach (SiloProcess silo in _silos)
        {
            string said = silo.Said;
            state.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"The silo on port {silo.SiloPort} (running: {silo.IsRunning}):").Append(said.AsSpan()[int.Max(0, said.Length - LastWords)..]);
        }

        return state.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _silos.ForEach(silo => silo.Dispose());
        await _database.DisposeAsync();
        await Postgres.DisposeAsync();
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
