using Executor.Executors;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Waiting_tasks_run_after_a_restart_in_their_order()
    {
        await Service.SubmitAsync([Task("low"), Task("high", 5), Task("child", 9, "low"), Task("old") with { QueueTimeout = TimeSpan.FromSeconds(5) }], None);
        await RestartAsync();
        await PassAsync(TimeSpan.FromSeconds(6));

        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        List<string> order = [];
        for (int i = 0; i < 3; i++)
        {
            TaskAssignment given = await executor.NextAsync();
            order.Add(given.Spec.TaskId!);
            await executor.CompleteAsync(given);
        }

        Assert.Equal(["high", "low", "child"], order);
        Assert.Equal(TaskErrorTypes.QueueTimeout, (await EndOfAsync("old")).Error?.Type);
    }

    [Fact]
    public async Task Executor_that_outlives_a_restart_can_not_end_the_attempt_of_before()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        TaskAssignment first = await before.NextAsync();
        await RestartAsync();

        FakeExecutor after = await FakeExecutor.JoinAsync(Gateway, running: [first.Task]);
        TaskAssignment second = await after.NextAsync();

        Assert.Equal([first.Task], after.Registered.Stale);
        Assert.Equal(2, second.Attempt);
        Assert.False(await before.CompleteAsync(first, "of before"));
        Assert.False(await after.CompleteAsync(first, "of before"));
        Assert.True(await after.CompleteAsync(second, "right"));
        Assert.Equal("right", (await EndOfAsync(id)).Stdout);
    }

    [Fact]
    public async Task Ended_tasks_stay_ended_and_cancel_that_was_asked_for_is_done_after_a_restart()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 2);
        await SubmitAsync(Task("done"));
        await SubmitAsync(Task("unwanted"));
        await executor.CompleteAsync(await executor.NextAsync(), "x");
        await executor.NextAsync();
        await Service.CancelAsync("unwanted", None);

        await RestartAsync();
        FakeExecutor after = await FakeExecutor.JoinAsync(Gateway);

        Assert.Equal("x", (await EndOfAsync("done")).Stdout);
        Assert.Equal(ExecutionStatus.Cancelled, (await EndOfAsync("unwanted")).Status);
        Assert.Null(after.Given());
    }
}
