using Xunit.Abstractions;

namespace Executor.Silo;

/// <summary>Silos that come and go as they are asked to.</summary>
public sealed class SiloClusterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FirstWork = TimeSpan.FromSeconds(5);

    [ClusterFact]
    public async Task Tasks_come_through_any_silo_a_fourth_gets_work_and_those_asked_to_end_lose_and_repeat_nothing()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        string runs = Path.Combine(cluster.Folder, "runs");
        int tasks = Work.ManyTasks / 3 * 3;
        FaultReport report = new(output);
        Task submitting = SubmitToAllAsync(cluster, tasks / 3, Work.Noted(runs));
        SiloProcess fourth = await cluster.AddAsync();
        await fourth.ReadyAsync();
        report.Fault();
        await cluster.RunsAsync(fourth);
        output.WriteLine($"work for the fourth silo {report.Elapsed.TotalSeconds:0.0} s after it was ready, {await cluster.DoneAsync()} tasks had ended");
        Assert.InRange(report.Elapsed, TimeSpan.Zero, FirstWork);
        await submitting;

        // The one with the scheduler: what runs on the others goes on under the next scheduler. Then one without.
        report.Fault();
        await LeaveAsync(cluster.Scheduler);
        await cluster.ProgressAsync();
        await LeaveAsync(cluster.Others.First(silo => silo != fourth));

        await report.EndOnceAsync(cluster, tasks);
        Assert.Equal(4, await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks"));
        Assert.Contains("COMPLETED", await fourth.ResultAsync("s0-0"), StringComparison.Ordinal);
        Assert.Equal(0, await cluster.RepeatedAsync());
        string[] lines = await File.ReadAllLinesAsync(runs);
        Assert.Equal(tasks, lines.Length);
        Assert.Equal(tasks, lines.Distinct().Count());
    }

    private static Task SubmitToAllAsync(SiloCluster cluster, int tasksEach, Work work) =>
        Task.WhenAll(cluster.Silos.Take(3).ToArray().Select((silo, i) => silo.SubmitAsync(Work.Ids($"s{i}-", tasksEach), work)));

    private static async Task LeaveAsync(SiloProcess silo)
    {
        await silo.SignalAsync("TERM");
        Assert.Equal(0, await silo.EndAsync());
    }
}
