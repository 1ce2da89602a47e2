using System.Net;

namespace Executor.Silo;

/// <summary>Silos whose clocks are set, or were never right: no silo and no executor is given up, and nothing runs twice.</summary>
public sealed class SetClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Cluster_whose_clocks_are_set_or_wrong_goes_on_as_before()
    {
        Requirement.FakedClock();
        Requirement.Postgres();
        using TemporaryFolder folder = new();
        FakedClock set = new(folder.Path), wrong = new(folder.Path);
        wrong.Set(-Hour);
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 1, variables: set.Variables);
        SiloProcess scheduler = cluster.Silos[0], other = await cluster.AddAsync(variables: wrong.Variables);
        await other.ReadyAsync();
        await Poll.UntilAsync("both executors are registered", async () => await cluster.CountAsync("SELECT count(*) FROM executors") == 2);
        await Poll.UntilAsync("a silo says that its clock is wrong", () => other.Said.Contains("The clock of this silo is 01:00:00 behind the database's", StringComparison.Ordinal));
        foreach ((SiloProcess silo, string id) in new[] { (scheduler, "a"), (other, "b") })
        {
            await SiloSessionTests.OkAsync(silo, HttpMethod.Post, "/sessions", new { session_id = id, startup = "x = 6", idle_timeout = 600 }, HttpStatusCode.Created);
        }

        // While the clock is set all of them run.
        await scheduler.SubmitAsync(Work.Ids("long", 4), new Work("import time; time.sleep(5); print('$id')"));
        await Poll.UntilAsync("they run on both silos", async () => await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks WHERE status = 'RUNNING'") == 2);
        foreach ((TimeSpan ahead, string said) in new[] { (Hour, "ahead by 01:00:00"), (-Hour, "back by 02:00:00"), (TimeSpan.FromDays(31), "ahead by 31.01:00:00") })
        {
            set.Set(ahead);
            await Poll.UntilAsync($"the silo says that its clock was set {said}", () => scheduler.Said.Contains($"The system's clock was set {said}.", StringComparison.Ordinal));
            await scheduler.SubmitAsync([$"quick{ahead.TotalHours:0}"], Work.Quick);
        }

        await cluster.EndOnceAsync(4 + 3);
        Assert.Equal(0, await cluster.RepeatedAsync());
        Assert.Equal(2, await cluster.CountAsync("SELECT count(*) FROM cluster_silos WHERE status = 3 AND abs(extract(epoch FROM now() - alive_at)) < 15"));
        Assert.Equal(1, scheduler.Epoch);
        foreach (string id in new[] { "a", "b" })
        {
            Assert.Equal(42, (await SiloSessionTests.ExecuteAsync(other, id, "x * 7")).GetProperty("result").GetInt32());
        }
    }
}
