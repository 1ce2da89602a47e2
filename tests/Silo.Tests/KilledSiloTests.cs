
namespace Executor.Silo;

/// <summary>Silos that are killed, each in another role, in the middle of tasks.</summary>
public sealed class KilledSiloTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);
    private readonly FaultReport _report = new(output);

    [Fact]
    public async Task Silo_with_the_scheduler_costs_seconds_and_no_task()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess victim = cluster.Scheduler;
        await cluster.Others[0].SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.ProgressAsync();

        _report.Fault();
        await victim.KillAsync();

        Assert.InRange(await _report.ProgressAsync(cluster), TimeSpan.Zero, Recovery);
        await _report.EndOnceAsync(cluster, Work.Tasks);
        Assert.NotEqual(victim, cluster.Scheduler);
    }

    [Fact]
    public async Task Silo_that_runs_tasks_costs_no_task_and_its_own_run_again()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess victim = cluster.Others[0];
        await cluster.Scheduler.SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.RunsAsync(victim);

        _report.Fault();
        await victim.KillAsync();

        Assert.InRange(await _report.ProgressAsync(cluster), TimeSpan.Zero, Recovery);
        await _report.EndOnceAsync(cluster, Work.Tasks);
    }

    [Fact]
    public async Task Silo_that_the_client_is_connected_to_loses_nothing_that_was_accepted_and_the_rest_can_be_handed_in_again()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        SiloProcess victim = cluster.Others[0];
        IReadOnlyList<string> ids = Work.Ids("t", Work.Tasks);
        await victim.SubmitAsync(ids.Take(Work.Tasks / 2), Work.Short);
        await cluster.ProgressAsync();
        Task handingIn = victim.SubmitAsync(ids.Skip(Work.Tasks / 2), Work.Short);
        Task waiting = victim.ResultAsync(ids[^1]);

        _report.Fault();
        await victim.KillAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Task.WhenAll(handingIn, waiting));
        Assert.InRange(await _report.ProgressAsync(cluster), TimeSpan.Zero, Recovery);
        await cluster.Others[0].SubmitAsync(ids.Skip(Work.Tasks / 2), Work.Short);
        await _report.EndOnceAsync(cluster, Work.Tasks);
        Assert.Contains("COMPLETED", await cluster.Others[0].ResultAsync("t0"), StringComparison.Ordinal);
    }
}
