
namespace Executor.Silo;

/// <summary>Silos that come and go as they are asked to.</summary>
public sealed class SiloClusterTests(ITestOutputHelper output)
{
    private const int Noted = 10;
    private static readonly TimeSpan FirstWork = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Tasks_come_through_any_silo_a_fourth_gets_work_and_those_asked_to_end_lose_and_repeat_nothing()
    {
        Requirement.Postgres();
        await using SiloCluster cluster = await SiloCluster.StartAsync();
        string runs = Path.Combine(cluster.Folder, "runs");
        int tasks = Work.ManyTasks / (6 * Noted) * 6 * Noted;
        FaultReport report = new(output);
        SiloProcess[] three = [.. cluster.Silos];
        IReadOnlyList<string>[] ids = [.. three.Select((_, i) => Work.Ids($"s{i}-", tasks / 3))];
        Task submitting = Task.WhenAll(three.Select((silo, i) => SubmitAsync(silo, ids[i].Take(tasks / 6), runs)));
        SiloProcess fourth = await cluster.AddAsync();
        await fourth.ReadyAsync();
        report.Fault();
        // However long it took to start, there is work left for it.
        submitting = Task.WhenAll([submitting, .. three.Select((silo, i) => SubmitAsync(silo, ids[i].Skip(tasks / 6), runs))]);
        await cluster.RunsAsync(fourth);
        output.WriteLine($"work for the fourth silo {report.Elapsed.TotalSeconds:0.0} s after it was ready, {await cluster.DoneAsync()} tasks had ended");
        Assert.InRange(report.Elapsed, TimeSpan.Zero, FirstWork);
        await submitting;

        // The one with the scheduler: what runs on the others goes on under the next scheduler. Then one without.
        report.Fault();
        await LeaveAsync(cluster.Scheduler);
        await report.ProgressAsync(cluster);
        await cluster.EndedAsync(tasks * 2 / 3);
        await LeaveAsync(cluster.Others.First(silo => silo != fourth));

        await report.EndOnceAsync(cluster, tasks);
        Assert.Equal(4, await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks"));
        Assert.Contains("COMPLETED", await fourth.ResultAsync("s0-0"), StringComparison.Ordinal);
        Assert.Equal(0, await cluster.RepeatedAsync());
        string[] lines = await File.ReadAllLinesAsync(runs);
        Assert.Equal(tasks / Noted, lines.Length);
        Assert.Equal(tasks / Noted, lines.Distinct().Count());
    }

    /// <summary>Hands tasks in, one in ten of which notes each of its runs.</summary>
    private static async Task SubmitAsync(SiloProcess silo, IEnumerable<string> ids, string runs)
    {
        foreach (string[] some in ids.Chunk(20 * Noted))
        {
            await silo.SubmitAsync(some.Where((_, i) => i % Noted == 0), Work.Noted(runs));
            await silo.SubmitAsync(some.Where((_, i) => i % Noted != 0), Work.Quick);
        }
    }

    private static async Task LeaveAsync(SiloProcess silo)
    {
        silo.Terminate();
        Assert.Equal(0, await silo.EndAsync());
    }
}
