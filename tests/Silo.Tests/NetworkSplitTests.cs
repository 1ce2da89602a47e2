using System.Net;
using Executor.Silo.Network;
using Xunit.Abstractions;

namespace Executor.Silo;

/// <summary>
/// A silo that is cut off from the others and from the database in the middle of tasks, while clients on its side still reach it, and is
/// then joined to them again.
/// </summary>
public sealed class NetworkSplitTests(ITestOutputHelper output)
{
    private readonly FaultReport _report = new(output);

    [NetworkFact]
    public Task Silo_with_the_scheduler_cut_off_ends_no_task_twice_and_accepts_none() => SplitAsync(cluster => cluster.Scheduler);

    [NetworkFact]
    public Task Silo_without_the_scheduler_cut_off_ends_no_task_twice_and_accepts_none() => SplitAsync(cluster => cluster.Others[0]);

    private async Task SplitAsync(Func<SiloCluster, SiloProcess> choose)
    {
        SplittableNetwork network = await SplittableNetwork.CreateAsync();
        await using SiloCluster cluster = await SiloCluster.StartAsync(network);
        SiloProcess cut = choose(cluster);
        SiloProcess other = cluster.Others.First(silo => silo != cut);
        await other.SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.RunsAsync(cut);

        _report.Fault();
        await network.UnplugAsync(cut.Place);
        Task<HttpResponseMessage> refused = cut.PostAsync(Work.Quick.Batches(["cut"]).Single());
        await _report.ProgressAsync(cluster);
        Assert.True(cut.IsRunning, cut.Said);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).StatusCode);
        output.WriteLine($"refused {_report.Elapsed.TotalSeconds:0.0} s after the split: {await refused.Result.Content.ReadAsStringAsync()}");
        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM tasks WHERE task_id = 'cut'"));
        await network.PlugInAsync(cut.Place);

        // It finds that the others have gone on without it.
        Assert.NotEqual(0, await cut.EndAsync());
        output.WriteLine($"the silo that was cut off ended {_report.Elapsed.TotalSeconds:0.0} s after the split");
        await other.SubmitAsync(["cut"], Work.Quick);
        await _report.EndOnceAsync(cluster, Work.Tasks + 1);
        Assert.NotEqual(cut, cluster.Scheduler);
    }
}
