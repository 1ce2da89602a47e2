using Executor.Executors;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Waiting_task_is_cancelled_at_once()
    {
        string id = await SubmitAsync(Task());

        Assert.Equal(CancelOutcome.Cancelled, await Service.CancelAsync(id, None));

        Assert.Equal(ExecutionStatus.Cancelled, (await EndOfAsync(id)).Status);
        Assert.Equal(CancelOutcome.AlreadyEnded, await Service.CancelAsync(id, None));
        Assert.Equal(CancelOutcome.NotFound, await Service.CancelAsync("nobody", None));
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        Assert.Null(executor.Given());
    }

    [Fact]
    public async Task Running_task_s_executor_is_told_to_stop_it()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        TaskAssignment given = await executor.NextAsync();

        Assert.Equal(CancelOutcome.Requested, await Service.CancelAsync(id, None));
        Assert.Equal(given.Task, await executor.NextCancelAsync());
        Assert.True(await executor.CancelledAsync(given));

        Assert.Equal(ExecutionStatus.Cancelled, (await EndOfAsync(id)).Status);
    }

    [Fact]
    public async Task Task_whose_executor_does_not_stop_it_is_cancelled_and_its_room_is_kept()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        await SubmitAsync(Task("next"));
        TaskAssignment given = await executor.NextAsync();
        await Service.CancelAsync(id, None);
        await PassAsync(TimeSpan.FromSeconds(11));

        Assert.Equal(ExecutionStatus.Cancelled, (await EndOfAsync(id)).Status);
        Assert.Null(executor.Given());
        Assert.False(await executor.CompleteAsync(given));
        Assert.Equal("next", (await executor.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Failed_attempt_is_repeated_as_often_as_the_task_asks_and_after_the_wait_it_asks()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task() with { Retry = new RetryPolicy { MaxAttempts = 3, Backoff = TimeSpan.FromSeconds(4) } });

        await executor.FailAsync(await executor.NextAsync());
        Assert.Equal(ExecutionStatus.Pending, await StatusOfAsync(id));
        await PassAsync(TimeSpan.FromSeconds(3));
        Assert.Null(executor.Given());
        executor.Beat();
        await PassAsync(TimeSpan.FromSeconds(3));
        TaskAssignment second = await executor.NextAsync();
        await executor.FailAsync(second);
        executor.Beat();
        await PassAsync(TimeSpan.FromSeconds(12));
        await executor.FailAsync(await executor.NextAsync());

        TaskResult result = await EndOfAsync(id);
        Assert.Equal((2, 3, ExecutionStatus.Failed), (second.Attempt, result.Attempt, result.Status));
    }

    [Fact]
    public async Task Failure_of_our_own_machinery_is_repeated_without_being_asked_and_not_for_ever()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task());
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            TaskAssignment given = await executor.NextAsync();
            Assert.Equal(attempt, given.Attempt);
            await executor.FailAsync(given, TaskErrorTypes.AgentLost);
            await PassAsync(TimeSpan.FromSeconds(6));
            executor.Beat();
        }

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.AgentLost), ((await EndOfAsync(id)).Status, (await EndOfAsync(id)).Error?.Type));
    }
}
