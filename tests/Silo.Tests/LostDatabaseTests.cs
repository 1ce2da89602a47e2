
namespace Executor.Silo;

/// <summary>PostgreSQL that goes away in the middle of tasks, and comes back.</summary>
public sealed class LostDatabaseTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Crash_and_restart_cost_no_task()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        await cluster.Others[0].SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.ProgressAsync();

        await RestartAsync(cluster, cluster.Postgres.CrashAsync);
        await RestartAsync(cluster, cluster.Postgres.StopAsync);

        await _report.EndOnceAsync(cluster, Work.Tasks);
        Assert.All(cluster.Silos, silo => Assert.True(silo.IsRunning, silo.Said));
    }

    private async Task RestartAsync(SiloCluster cluster, Func<Task> end)
    {
        _report.Fault();
        await end();
        await cluster.Postgres.StartAsync();
        await _report.ProgressAsync(cluster);
    }
}
