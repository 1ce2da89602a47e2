using System.Text.Json;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Jobs;

/// <summary>Jobs by way of the cluster.</summary>
public sealed class JobGrainTests(TestCluster cluster) : QueueTest(cluster)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private IJobGrain Grain => Cluster.Grains.GetGrain<IJobGrain>(GrainKeys.Jobs(Queue));

    [Fact]
    public async Task Job_completes_with_its_log_and_is_listed()
    {
        JobRecord started = await StartAsync("""{"n": 1}""");

        JobRecord? ended = await Service.Jobs.WaitAsync(started.JobId, Soon, None);

        Assert.Equal((ExecutionStatus.Completed, "count", 1), (ended?.Status, ended?.Type, ended?.Params?.GetProperty("n").GetInt32()));
        Assert.Contains("one", await Service.Jobs.GetLogAsync(started.JobId, None), StringComparison.Ordinal);
        Assert.Equal(started.JobId, Assert.Single(await Service.Jobs.ListAsync(10, None)).JobId);
        Assert.Equal(CancelOutcome.AlreadyEnded, await Service.Jobs.CancelAsync(started.JobId, None));
    }

    [Fact]
    public async Task Equal_job_that_runs_is_joined_and_cancelled_once_for_all()
    {
        JobRecord first = await StartAsync("""{"hold": true}""");
        JobRecord second = await StartAsync("""{"hold": true}""");
        Task<JobRecord?> ending = Service.Jobs.WaitAsync(first.JobId, Soon, None);

        CancelOutcome outcome = await Service.Jobs.CancelAsync(first.JobId, None);

        Assert.Equal(first.JobId, second.JobId);
        Assert.Contains(outcome, (CancelOutcome[])[CancelOutcome.Requested, CancelOutcome.Cancelled]);
        Assert.Equal(ExecutionStatus.Cancelled, (await ending)?.Status);
    }

    [Fact]
    public async Task Job_that_ran_when_its_grain_went_is_failed_and_can_be_started_again()
    {
        JobRecord running = await StartAsync("""{"hold": true}""");

        await Cluster.Silos.DeactivateAsync(Grain);

        JobRecord? failed = await Service.Jobs.GetAsync(running.JobId, None);
        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.RunnerFailed), (failed?.Status, failed?.Error?.Type));
        JobRecord again = await StartAsync("""{"hold": true}""");
        Assert.NotEqual(running.JobId, again.JobId);
        await Service.Jobs.CancelAsync(again.JobId, None);
    }

    [Fact]
    public async Task Job_of_no_known_type_is_refused_by_field_and_one_that_is_not_there_is_nothing()
    {
        InvalidInputException refused = await Assert.ThrowsAsync<InvalidInputException>(() => Service.Jobs.StartAsync("cuont", null, None));

        Assert.Equal("type", Assert.Single(refused.Faults).Field);
        Assert.Null(await Service.Jobs.GetAsync("nothing", None));
        Assert.Null(await Service.Jobs.WaitAsync("nothing", Soon, None));
        Assert.Equal(CancelOutcome.NotFound, await Service.Jobs.CancelAsync("nothing", None));
    }

    private async Task<JobRecord> StartAsync(string parameters)
    {
        using var json = JsonDocument.Parse(parameters);
        return await Service.Jobs.StartAsync("count", json.RootElement.Clone(), None);
    }
}
