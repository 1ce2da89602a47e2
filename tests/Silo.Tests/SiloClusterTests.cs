using System.Globalization;

namespace Executor.Silo;

/// <summary>Real silos on a real PostgreSQL: tasks come through any of them and run on all, whatever becomes of one.</summary>
public sealed class SiloClusterTests
{
    private const string Quick = "pass";
    private const string Short = "import time; time.sleep(0.1)";

    /// <summary>First progress after a kill.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    private static int Tasks { get; } =
        int.Parse(Environment.GetEnvironmentVariable("EXECUTOR_SILO_TEST_TASKS") ?? "300", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Silo_alone_answers_the_http_api()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-silo-tests-");
        using (SiloProcess silo = SiloProcess.Start(folder.FullName, postgres: null))
        {
            await silo.ReadyAsync();
            await silo.SubmitAsync(["one"], "print('said')");

            string result = await silo.Http.GetStringAsync(new Uri("/tasks/one/result?wait=30", UriKind.Relative));
            Assert.Contains("said", result, StringComparison.Ordinal);

            await silo.SignalAsync("TERM");
            Assert.Equal(0, await silo.EndAsync());
        }

        folder.Delete(recursive: true);
    }

    [ClusterFact]
    public async Task Tasks_come_through_any_silo_and_run_on_all()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        for (int i = 0; i < 3; i++)
        {
            await cluster.Silos[i].SubmitAsync(Ids($"s{i}-", Tasks / 3), Quick);
        }

        await cluster.EndOnceAsync(Tasks / 3 * 3);

        Assert.Equal(3, await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks"));
        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM tasks WHERE attempt > 1"));
        string result = await cluster.Silos[2].Http.GetStringAsync(new Uri("/tasks/s0-0/result", UriKind.Relative));
        Assert.Contains("COMPLETED", result, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Killed_silo_with_the_scheduler_costs_seconds_and_no_task()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        SiloProcess victim = cluster.Scheduler;
        await cluster.Others[0].SubmitAsync(Ids("t", Tasks), Short);
        await cluster.ProgressAsync();

        await victim.KillAsync();

        Assert.InRange(await cluster.ProgressAsync(), TimeSpan.Zero, Recovery);
        await cluster.EndOnceAsync(Tasks);
        Assert.NotEqual(victim, cluster.Scheduler);
    }

    [ClusterFact]
    public async Task Killed_silo_that_runs_tasks_costs_no_task_and_its_own_run_again()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        SiloProcess victim = cluster.Others[0];
        await cluster.Scheduler.SubmitAsync(Ids("t", Tasks), Short);
        await Poll.UntilAsync(
            "it runs something",
            async () => await cluster.CountAsync($"SELECT count(*) FROM tasks WHERE executor_id LIKE 'silo-%-{victim.SiloPort}-%'") > 0);

        await victim.KillAsync();

        Assert.InRange(await cluster.ProgressAsync(), TimeSpan.Zero, Recovery);
        await cluster.EndOnceAsync(Tasks);
    }

    [ClusterFact]
    public async Task Tasks_taken_by_a_silo_that_is_killed_then_are_done_and_known_to_the_others()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        SiloProcess victim = cluster.Others[0];
        await victim.SubmitAsync(Ids("t", Tasks), Quick);

        await victim.KillAsync();

        await cluster.EndOnceAsync(Tasks);
        string result = await cluster.Others[0].Http.GetStringAsync(new Uri("/tasks/t0/result", UriKind.Relative));
        Assert.Contains("COMPLETED", result, StringComparison.Ordinal);
    }

    [ClusterFact]
    public async Task Fourth_silo_gets_work_and_one_that_is_asked_to_end_repeats_nothing()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        await cluster.Others[0].SubmitAsync(Ids("t", Tasks), "import time; time.sleep(0.4)");
        SiloProcess fourth = cluster.Add();
        await fourth.ReadyAsync();
        long ready = TimeProvider.System.GetTimestamp();
        await Poll.UntilAsync(
            "the fourth silo has run something",
            async () => await cluster.CountAsync($"SELECT count(*) FROM tasks WHERE executor_id LIKE 'silo-%-{fourth.SiloPort}-%'") > 0);
        Assert.InRange(TimeProvider.System.GetElapsedTime(ready), TimeSpan.Zero, TimeSpan.FromSeconds(5));

        // The one with the scheduler: what runs on the others goes on under the next scheduler.
        SiloProcess leaving = cluster.Scheduler;
        await leaving.SignalAsync("TERM");

        Assert.Equal(0, await leaving.EndAsync());
        await cluster.EndOnceAsync(Tasks);
        Assert.Equal(0, await cluster.CountAsync("SELECT count(*) FROM tasks WHERE attempt > 1"));
    }

    [ClusterFact]
    public async Task Silo_with_the_scheduler_that_stands_still_and_comes_back_ends_no_task_twice()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        SiloProcess frozen = cluster.Scheduler;
        await cluster.Others[0].SubmitAsync(Ids("t", Tasks), Short);
        await cluster.ProgressAsync();

        await frozen.SignalAsync("STOP");
        await cluster.ProgressAsync();
        await Task.Delay(TimeSpan.FromSeconds(30));
        await frozen.SignalAsync("CONT");

        await cluster.EndOnceAsync(Tasks);
        // It finds that the others have gone on without it.
        Assert.NotEqual(0, await frozen.EndAsync());
        await cluster.Others[0].SubmitAsync(["after"], Quick);
        await cluster.EndOnceAsync(Tasks + 1);
    }

    [ClusterFact]
    public async Task Postgres_that_crashes_and_comes_back_costs_no_task()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3);
        await cluster.Others[0].SubmitAsync(Ids("t", Tasks), Short);
        await cluster.ProgressAsync();

        await cluster.Postgres.CrashAsync();
        await cluster.Postgres.StartAsync();

        await cluster.EndOnceAsync(Tasks);
    }

    private static IEnumerable<string> Ids(string prefix, int count) =>
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i}"));
}
