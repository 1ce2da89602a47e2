using Xunit.Abstractions;

namespace Executor.Silo;

/// <summary>PostgreSQL that goes away in the middle of tasks, and comes back.</summary>
public sealed class LostDatabaseTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [ClusterFact]
    public Task Crash_costs_no_task() => RestartAsync(cluster => cluster.Postgres.CrashAsync());

    [ClusterFact]
    public Task Restart_costs_no_task() => RestartAsync(cluster => cluster.Postgres.StopAsync());

    private async Task RestartAsync(Func<SiloCluster, Task> end)
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        await cluster.Others[0].SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.ProgressAsync();

        _report.Fault();
        await end(cluster);
        await cluster.Postgres.StartAsync();

        await _report.ProgressAsync(cluster);
        await _report.EndOnceAsync(cluster, Work.Tasks);
        Assert.All(cluster.Silos, silo => Assert.True(silo.IsRunning, silo.Said));
    }
}
