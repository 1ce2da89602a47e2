
namespace Executor.Silo;

/// <summary>Silos that stand still for half a minute in the middle of tasks, and then go on.</summary>
public sealed class FrozenSiloTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Silo_with_the_scheduler_ends_no_task_twice()
    {
        Requirement.Postgres();
        await FreezeAsync(cluster => cluster.Scheduler);
    }

    [Fact]
    public async Task Silo_without_the_scheduler_ends_no_task_twice()
    {
        Requirement.Postgres();
        await FreezeAsync(cluster => cluster.Others[0]);
    }

    private async Task FreezeAsync(Func<SiloCluster, SiloProcess> choose)
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess frozen = choose(cluster);
        SiloProcess other = cluster.Others.First(silo => silo != frozen);
        await other.SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.RunsAsync(frozen);

        _report.Fault();
        await frozen.FreezeAsync();
        await _report.ProgressAsync(cluster);
        // How long it stands still is what is tested.
        await Task.Delay(Pause - _report.Elapsed);
        await frozen.ThawAsync();

        await _report.EndOnceAsync(cluster, Work.Tasks);
        // It finds that the others have gone on without it.
        Assert.NotEqual(0, await frozen.EndAsync());
        await other.SubmitAsync(["after"], Work.Quick);
        await _report.EndOnceAsync(cluster, Work.Tasks + 1);
    }
}
