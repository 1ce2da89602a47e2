using Npgsql;

namespace Executor.Silo;

/// <summary>All silos lost at once, with nobody left to see it.</summary>
public sealed class LostClusterTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Cluster_whose_silos_were_all_killed_comes_back_elsewhere_with_its_tasks()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        await cluster.Scheduler.SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.ProgressAsync();

        _report.Fault();
        await Task.WhenAll(cluster.Silos.Select(silo => silo.KillAsync()));
        await PassAsync(cluster, TimeSpan.FromSeconds(15));
        SiloProcess silo = await cluster.AddAsync();

        await silo.ReadyAsync();
        await _report.EndOnceAsync(cluster, Work.Tasks);
        Assert.Equal(3, await cluster.CountAsync("SELECT count(*) FROM cluster_silos WHERE status = 6"));
        Assert.Equal(1, await cluster.CountAsync("SELECT count(*) FROM cluster_silos WHERE status = 3"));
    }

    /// <summary>Time since the silos said for the last time that they live.</summary>
    private static async Task PassAsync(SiloCluster cluster, TimeSpan time)
    {
        await using NpgsqlConnection database = new($"{cluster.Postgres.ConnectionString};Pooling=false");
        await database.OpenAsync();
        await using NpgsqlCommand pass = new("UPDATE cluster_silos SET alive_at = alive_at - @time", database);
        pass.Parameters.AddWithValue("time", time);
        await pass.ExecuteNonQueryAsync();
    }
}
