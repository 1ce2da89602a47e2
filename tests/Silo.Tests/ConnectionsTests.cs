using System.Net;
using Npgsql;

namespace Executor.Silo;

/// <summary>How many connections to PostgreSQL a cluster takes.</summary>
public sealed class ConnectionsTests
{
    private const int Silo = 4;

    // The silo with the scheduler: as many again, two to read, one to write and its sign of life.
    private const int Scheduler = 4;

    private const int Readers = 20;
    private const int Rounds = 4;

    private int _next;

    [Fact]
    public async Task Cluster_under_load_stays_within_four_connections_a_silo_and_four_for_the_scheduler()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        using CancellationTokenSource stopping = new();
        Task<long> counting = MostAsync(cluster, stopping.Token);
        await cluster.Silos[0].SubmitAsync(Work.Ids("t", Work.Tasks), Work.Quick);

        await Task.WhenAll(cluster.Silos.SelectMany(silo => Enumerable.Range(0, Readers).Select(_ => ReadAsync(silo))));
        await cluster.EndOnceAsync(Work.Tasks);

        await stopping.CancelAsync();
        // No silo is without one, and a load that none feels would show nothing.
        Assert.InRange(await counting, cluster.Silos.Count + Scheduler, (cluster.Silos.Count * Silo) + Scheduler);
        Assert.All(cluster.Silos, silo => Assert.DoesNotContain("exhausted", silo.Said, StringComparison.Ordinal));
    }

    private async Task ReadAsync(SiloProcess silo)
    {
        for (int i = 0; i < Rounds; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync("/tasks?limit=100")).Status);
            Assert.Equal(HttpStatusCode.OK, (await silo.GetAsync($"/tasks/t{Interlocked.Increment(ref _next) % Work.Tasks}")).Status);
        }
    }

    /// <summary>The most that there were at once, but for the test's own, until it is told to stop.</summary>
    private static async Task<long> MostAsync(SiloCluster cluster, CancellationToken stopping)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create($"{cluster.Postgres.ConnectionString};Application Name=looking;Maximum Pool Size=1");
        await using NpgsqlCommand count = database.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> ALL ('{looking,test}')");
        long most = 0;
        while (!stopping.IsCancellationRequested)
        {
            most = long.Max(most, (long)(await count.ExecuteScalarAsync(CancellationToken.None))!);
        }

        return most;
    }
}
