using Executor.Executors;
using Executor.Tasks;

namespace Executor.Grains.Tasks;

public sealed class TaskGrainTests(TestCluster cluster) : QueueTest(cluster)
{
    [Fact]
    public async Task Grain_follows_its_task_from_pending_to_its_end_also_after_it_was_deactivated()
    {
        ITaskGrain grain = Cluster.Grains.GetGrain<ITaskGrain>(GrainKeys.Task(Queue, "t"));
        Assert.Null(await grain.GetAsync());
        await SubmitAsync("t");
        Assert.Equal(ExecutionStatus.Pending, await StatusAsync(grain));

        FakeExecutor executor = await FakeExecutor.JoinAsync(Service);
        TaskAssignment given = await executor.NextAsync();
        Assert.Equal(ExecutionStatus.Running, await StatusAsync(grain));
        Assert.Null(await grain.GetResultAsync());
        await executor.CompleteAsync(given, "out");
        await EndOfAsync("t");
        Assert.Equal(ExecutionStatus.Completed, await StatusAsync(grain));
        Assert.Equal("out", (await grain.GetResultAsync())?.Stdout);

        await Cluster.Silos.DeactivateAsync(grain);

        Assert.Equal("out", (await grain.GetResultAsync())?.Stdout);
        Assert.Equal(CancelOutcome.AlreadyEnded, await grain.CancelAsync());
    }

    [Fact]
    public async Task Grain_cancels_its_task()
    {
        ITaskGrain grain = Cluster.Grains.GetGrain<ITaskGrain>(GrainKeys.Task(Queue, "t"));
        await SubmitAsync("t");

        Assert.Equal(CancelOutcome.Cancelled, await grain.CancelAsync());
        Assert.Equal(ExecutionStatus.Cancelled, await StatusAsync(grain));
    }

    private static async Task<ExecutionStatus?> StatusAsync(ITaskGrain grain) => (await grain.GetAsync())?.Record.State.Status;
}
