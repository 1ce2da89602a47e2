using System.Net;
using Executor.Silo.Network;

namespace Executor.Silo;

/// <summary>
/// A silo that is cut off from the others and from the database in the middle of tasks, while clients on its side still reach it, and is
/// then joined to them again.
/// </summary>
public sealed class NetworkSplitTests(ITestOutputHelper output)
{
    private const string IsThereSql = "SELECT count(*) FROM tasks WHERE task_id = 'cut'";
    private readonly FaultReport _report = new(output);
    private SplittableNetwork? _network;

    [Fact]
    public async Task Silo_with_the_scheduler_cut_off_accepts_nothing_and_ends_no_task_twice()
    {
        Requirement.Postgres();
        Requirement.Check(SplittableNetwork.WhyNot);
        await using SiloCluster cluster = await StartAsync();
        SiloProcess cut = cluster.Scheduler;
        Task<HttpResponseMessage> handingIn = await CutOffAsync(cluster, cut);

        await _report.ProgressAsync(cluster);
        Assert.True(cut.IsRunning, cut.Said);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await handingIn).StatusCode);
        output.WriteLine($"refused {_report.Elapsed.TotalSeconds:0.0} s after the split");
        Assert.Equal(0, await cluster.CountAsync(IsThereSql));

        await JoinAsync(cluster, cut, handingIn);
    }

    [Fact]
    public async Task Silo_without_the_scheduler_cut_off_accepts_nothing_that_is_lost_and_ends_no_task_twice()
    {
        Requirement.Postgres();
        Requirement.Check(SplittableNetwork.WhyNot);
        await using SiloCluster cluster = await StartAsync();
        SiloProcess cut = cluster.Others[0];
        Task<HttpResponseMessage> handingIn = await CutOffAsync(cluster, cut);

        await _report.ProgressAsync(cluster);
        await Poll.UntilAsync("the others take it for dead", async () => await cluster.CountAsync($"SELECT count(*) FROM executors WHERE {cut.IsExecutor}") == 0);
        output.WriteLine($"taken for dead {_report.Elapsed.TotalSeconds:0.0} s after the split");

        // What is handed in has not been answered yet.
        await JoinAsync(cluster, cut, handingIn);
    }

    [Fact]
    public async Task Silo_with_the_scheduler_cut_off_from_the_database_alone_gives_the_scheduler_away()
    {
        Requirement.Postgres();
        Requirement.Check(SplittableNetwork.WhyNot);
        await using SiloCluster cluster = await StartAsync();
        SiloProcess cut = cluster.Scheduler;
        await cluster.Others[0].SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.RunsAsync(cut);

        _report.Fault();
        await _network!.HideDatabaseAsync(cut.Place);
        Task handingIn = cluster.Others[0].SubmitAsync(["meanwhile"], Work.Quick);

        await _report.ProgressAsync(cluster);
        await handingIn;
        output.WriteLine($"what was handed in meanwhile was taken {_report.Elapsed.TotalSeconds:0.0} s after the fault");
        await _report.EndOnceAsync(cluster, Work.Tasks + 1);
        Assert.NotEqual(cut, cluster.Scheduler);

        await _network.ShowDatabaseAsync(cut.Place);
        await cut.ReadyAsync();
    }

    private async Task<SiloCluster> StartAsync()
    {
        _network = await SplittableNetwork.CreateAsync();
        return await SiloCluster.StartAsync(_network);
    }

    /// <summary>Cuts a silo off while tasks run on it, and hands in one by it.</summary>
    private async Task<Task<HttpResponseMessage>> CutOffAsync(SiloCluster cluster, SiloProcess cut)
    {
        await cluster.Silos.First(silo => silo != cut).SubmitAsync(Work.Ids("t", Work.Tasks), Work.Short);
        await cluster.RunsAsync(cut);
        _report.Fault();
        await _network!.UnplugAsync(cut.Place);
        return cut.PostAsync(Work.Quick.Batches(["cut"]).Single());
    }

    private async Task JoinAsync(SiloCluster cluster, SiloProcess cut, Task<HttpResponseMessage> handingIn)
    {
        await _network!.PlugInAsync(cut.Place);
        // It finds that the others have gone on without it.
        Assert.NotEqual(0, await cut.EndAsync());
        output.WriteLine($"the silo that was cut off ended {_report.Elapsed.TotalSeconds:0.0} s after the split");
        Assert.True(await IsRefusedAsync(handingIn) || await cluster.CountAsync(IsThereSql) == 1, "It was accepted, and is not there.");
        await cluster.Scheduler.SubmitAsync(["cut"], Work.Quick);
        await _report.EndOnceAsync(cluster, Work.Tasks + 1);
        Assert.NotEqual(cut, cluster.Scheduler);
    }

    // Refused, or not answered.
    private static async Task<bool> IsRefusedAsync(Task<HttpResponseMessage> handingIn)
    {
        try
        {
            using HttpResponseMessage answer = await handingIn;
            return !answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }
}
