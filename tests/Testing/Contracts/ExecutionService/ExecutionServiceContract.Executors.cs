using Executor.Executors;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Registration_that_is_not_valid_names_every_bad_field()
    {
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => Gateway.RegisterAsync(
            new RegisterMessage(new ExecutorRegistration { ExecutorId = "", Host = "h", Port = 70_000, MaxTasks = 0 }, []), new FakeExecutor("x"), None));

        Assert.Equal(["executor_id", "port", "max_tasks"], refused.Faults.Select(fault => fault.Field));
    }

    [Fact]
    public async Task Silent_executor_is_lost_and_its_task_runs_elsewhere_once()
    {
        FakeExecutor first = await FakeExecutor.JoinAsync(Gateway, "first");
        string id = await SubmitAsync(Task());
        TaskAssignment lost = await first.NextAsync();
        await PassAsync(TimeSpan.FromSeconds(10));
        first.Beat(lost.Task);
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ExecutionStatus.Running, await StatusOfAsync(id));

        await PassAsync(TimeSpan.FromSeconds(10));
        FakeExecutor second = await FakeExecutor.JoinAsync(Gateway, "second");
        TaskAssignment again = await second.NextAsync();

        Assert.Equal(2, again.Attempt);
        first.Beat(lost.Task);
        Assert.NotEmpty(await first.Closed);
        Assert.Empty(first.Lost());
        Assert.False(await first.CompleteAsync(lost, "late"));
        Assert.True(await second.CompleteAsync(again, "right"));
        Assert.Equal(("right", "second"), ((await EndOfAsync(id)).Stdout, (await EndOfAsync(id)).ExecutorId));
    }

    [Fact]
    public async Task Executor_that_comes_back_in_time_keeps_what_it_runs()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Gateway, maxTasks: 2);
        string kept = await SubmitAsync(Task("kept"));
        string gone = await SubmitAsync(Task("gone"));
        TaskAssignment first = await before.NextAsync();
        await before.NextAsync();
        await before.SayAsync(new DisconnectedMessage());
        Assert.Equal(ExecutorStatus.Disconnected, (await Registry.ListExecutorsAsync(None))[0].Status);

        FakeExecutor back = await FakeExecutor.JoinAsync(Gateway, maxTasks: 2, running: [first.Task]);
        TaskAssignment again = await back.NextAsync();

        Assert.Equal((gone, 2), (again.Spec.TaskId, again.Attempt));
        Assert.False(await before.CompleteAsync(first));
        Assert.True(await back.CompleteAsync(first));
        Assert.Equal(1, (await EndOfAsync(kept)).Attempt);
    }

    [Fact]
    public async Task Executor_that_leaves_gives_back_what_it_runs()
    {
        FakeExecutor first = await FakeExecutor.JoinAsync(Gateway, "first");
        await SubmitAsync(Task());
        await first.NextAsync();

        await first.SayAsync(new LeaveMessage());

        FakeExecutor second = await FakeExecutor.JoinAsync(Gateway, "second");
        Assert.Equal(2, (await second.NextAsync()).Attempt);
        Assert.Equal("second", Assert.Single(await Registry.ListExecutorsAsync(None)).Registration.ExecutorId);
    }

    [Fact]
    public async Task Task_that_loses_its_executors_again_and_again_fails_as_our_own_failure()
    {
        string id = await SubmitAsync(Task());
        for (int i = 0; i <= 10; i++)
        {
            FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, $"e{i}");
            await executor.NextAsync();
            await executor.SayAsync(new LeaveMessage());
        }

        TaskResult result = await EndOfAsync(id);
        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.ExecutorLost), (result.Status, result.Error?.Type));
    }

    [Fact]
    public async Task Draining_executor_finishes_what_it_runs_and_gets_nothing_more()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 2);
        string id = await SubmitAsync(Task());
        TaskAssignment given = await executor.NextAsync();

        Assert.True(await Registry.DrainExecutorAsync("one", None));
        Assert.False(await Registry.DrainExecutorAsync("nobody", None));
        await SubmitAsync(Task());
        await executor.CompleteAsync(given);

        Assert.True(executor.IsDrained);
        Assert.Equal(ExecutionStatus.Completed, (await EndOfAsync(id)).Status);
        Assert.Null(executor.Given());
        Assert.Equal(ExecutorStatus.Draining, (await Registry.ListExecutorsAsync(None))[0].Status);
    }

    [Fact]
    public async Task Least_loaded_executor_gets_the_next_task()
    {
        FakeExecutor large = await FakeExecutor.JoinAsync(Gateway, "large", 8);
        FakeExecutor small = await FakeExecutor.JoinAsync(Gateway, "small", 2);
        await Service.SubmitAsync([.. Enumerable.Range(0, 5).Select(_ => Task())], None);

        Assert.Equal([4, 1], (await Registry.ListExecutorsAsync(None)).Select(executor => executor.Running));
        await large.NextAsync();
        await small.NextAsync();
    }

    [Fact]
    public async Task Report_of_a_task_that_another_executor_holds_is_refused()
    {
        FakeExecutor holder = await FakeExecutor.JoinAsync(Gateway, "holder");
        string id = await SubmitAsync(Task());
        TaskAssignment given = await holder.NextAsync();
        FakeExecutor other = await FakeExecutor.JoinAsync(Gateway, "other");

        Assert.False(await other.CompleteAsync(given, "forged"));
        Assert.False(await holder.CompleteAsync(given with { Attempt = 2 }, "of the future"));
        Assert.True(await holder.CompleteAsync(given, "true"));
        Assert.False(await holder.CompleteAsync(given, "twice"));
        Assert.Equal("true", (await EndOfAsync(id)).Stdout);
    }

    [Fact]
    public async Task Executor_whose_machinery_fails_one_task_after_the_other_is_in_quarantine_until_it_does_one_well()
    {
        FakeExecutor broken = await FakeExecutor.JoinAsync(Gateway, "broken");
        FakeExecutor well = await FakeExecutor.JoinAsync(Gateway, "well");
        string[] ids = [.. Enumerable.Range(0, 8).Select(i => $"t{i}")];
        await Service.SubmitAsync([.. ids.Select(id => Task(id))], None);
        for (int i = 0; i < 3; i++)
        {
            await broken.FailAsync(await broken.NextAsync(), TaskErrorTypes.AgentLost);
        }

        ExecutorInfo info = (await Registry.ListExecutorsAsync(None))[0];
        Assert.Equal(("broken", ExecutorStatus.Quarantined, "infrastructure.agent: it failed"), (info.Registration.ExecutorId, info.Status, info.LastFailure));
        Assert.NotNull(info.QuarantinedUntil);
        for (int i = 0; i < ids.Length; i++)
        {
            if (i == 5)
            {
                await PassAsync(TimeSpan.FromSeconds(2));
            }

            await well.CompleteAsync(await well.NextAsync());
        }

        TaskResult[] results = await System.Threading.Tasks.Task.WhenAll(ids.Select(EndOfAsync));
        Assert.All(results, result => Assert.Equal((ExecutionStatus.Completed, "well"), (result.Status, result.ExecutorId)));
        Assert.Equal([1, 1, 1, 1, 1, 2, 2, 2], results.Select(result => result.Attempt).Order());
        Assert.Null(broken.Given());

        await PassAsync(TimeSpan.FromSeconds(5));
        await Service.SubmitAsync([Task("for-well"), Task("probe")], None);
        TaskAssignment probe = await broken.NextAsync();
        Assert.Equal(("for-well", "probe"), ((await well.NextAsync()).Spec.TaskId, probe.Spec.TaskId));
        await broken.CompleteAsync(probe);
        Assert.Equal(ExecutorStatus.Online, (await Registry.ListExecutorsAsync(None))[0].Status);
    }

    [Fact]
    public async Task Task_that_one_executor_s_machinery_failed_goes_to_another_even_if_that_has_room_only_later()
    {
        FakeExecutor well = await FakeExecutor.JoinAsync(Gateway, "well");
        await SubmitAsync(Task("long"));
        TaskAssignment other = await well.NextAsync();
        FakeExecutor broken = await FakeExecutor.JoinAsync(Gateway, "broken");
        await SubmitAsync(Task("t"));
        await broken.FailAsync(await broken.NextAsync(), TaskErrorTypes.AgentLost);
        await SettleAsync();
        await PassAsync(TimeSpan.FromSeconds(2));
        await SubmitAsync(Task("behind"));

        Assert.Equal("behind", (await broken.NextAsync()).Spec.TaskId);
        await well.CompleteAsync(other);
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(("t", 2), ((await well.NextAsync()) is var next ? (next.Spec.TaskId, next.Attempt) : default));
    }

    [Fact]
    public async Task Executor_that_alone_can_run_what_it_fails_is_given_it_again()
    {
        FakeExecutor only = await FakeExecutor.JoinAsync(Gateway, "only", capabilities: "rare");
        FakeExecutor other = await FakeExecutor.JoinAsync(Gateway, "other");
        await SubmitAsync(Task("t") with { Capabilities = ["rare"] });
        for (int attempt = 1; attempt <= 4; attempt++)
        {
            await only.FailAsync(await only.NextAsync(), TaskErrorTypes.AgentLost);
            only.Beat();
            other.Beat();
            await SettleAsync();
            await PassAsync(TimeSpan.FromSeconds(6));
        }

        Assert.Equal((ExecutionStatus.Failed, 4), (await EndOfAsync("t")) is var end ? (end.Status, end.Attempt) : default);
        Assert.Equal(ExecutorStatus.Online, (await Registry.ListExecutorsAsync(None))[0].Status);
    }
}
