using Executor.Execution;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Task_runs_on_an_executor_and_its_result_is_kept()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        string id = await SubmitAsync(Task() with { Name = "first", Details = System.Text.Json.JsonSerializer.SerializeToElement(new { a = 1 }) });

        var given = await executor.NextAsync();
        Assert.Equal((id, 1), (given.Spec.TaskId, given.Attempt));
        Assert.Equal(ExecutionStatus.Running, await StatusOfAsync(id));
        Assert.True(await executor.CompleteAsync(given, "1\n"));

        TaskResult result = await EndOfAsync(id);
        Assert.Equal((ExecutionStatus.Completed, "1\n", "one", 1), (result.Status, result.Stdout, result.ExecutorId, result.Attempt));
        Assert.Equal("first", result.Name);
        Assert.Equal(1, result.Details?.GetProperty("a").GetInt32());
        Assert.Equal(ExecutionStatus.Completed, await StatusOfAsync(id));
        Assert.Equal(result.Id, (await Service.GetResultAsync(id, None))?.Id);
    }

    [Fact]
    public async Task Same_task_again_is_the_same_task_and_another_of_its_id_is_refused()
    {
        await SubmitAsync(Task("t"));

        Assert.Equal(SubmitStatus.Existing, (await Service.SubmitAsync([Task("t")], None))[0].Outcome);
        Assert.Equal(SubmitStatus.Conflict, (await Service.SubmitAsync([Task("t", priority: 3)], None))[0].Outcome);

        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 5);
        await executor.CompleteAsync(await executor.NextAsync());
        await EndOfAsync("t");
        Assert.Equal((SubmitStatus.Existing, ExecutionStatus.Completed), Outcome((await Service.SubmitAsync([Task("t")], None))[0]));
        Assert.Null(executor.Given());

        static (SubmitStatus, ExecutionStatus) Outcome(TaskReceipt receipt) => (receipt.Outcome, receipt.Status);
    }

    [Fact]
    public async Task Batch_with_a_fault_is_refused_whole_and_every_fault_is_named_by_its_place()
    {
        var refused = await Assert.ThrowsAsync<InvalidTaskException>(() => Service.SubmitAsync(
            [Task("a"), Task("b") with { Timeout = TimeSpan.Zero }, Task("a"), new TaskSpec()], None));

        Assert.Equal(["tasks[1].timeout", "tasks[2].task_id", "tasks[3].code"], refused.Faults.Select(fault => fault.Field));
        Assert.Null(await Service.GetAsync("a", None));
    }

    [Fact]
    public async Task Tasks_beyond_the_queue_s_length_are_refused_whole()
    {
        await Service.SubmitAsync([.. Enumerable.Range(0, 9_999).Select(_ => Task())], None);

        var full = await Assert.ThrowsAsync<QueueFullException>(() => Service.SubmitAsync([Task("x"), Task("y")], None));

        Assert.Contains("server.max_queue", full.Message, StringComparison.Ordinal);
        Assert.Null(await Service.GetAsync("x", None));
        await SubmitAsync(Task("z"));
    }

    [Fact]
    public async Task Highest_priority_starts_next_then_the_oldest()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        await SubmitAsync(Task("running"));
        await Service.SubmitAsync([.. Enumerable.Range(0, 5_000).Select(i => Task($"low-{i}"))], None);
        await SubmitAsync(Task("high", priority: 10));

        await executor.CompleteAsync(await executor.NextAsync());
        var next = await executor.NextAsync();
        await executor.CompleteAsync(next);

        Assert.Equal(("high", "low-0"), (next.Spec.TaskId, (await executor.NextAsync()).Spec.TaskId));
    }

    [Fact]
    public async Task Task_goes_only_to_an_executor_that_has_what_it_asks_for()
    {
        FakeExecutor plain = await FakeExecutor.JoinAsync(Gateway, "plain", 10);
        await SubmitAsync(Task("wants") with { Capabilities = ["torch"] });
        Assert.Null(plain.Given());

        FakeExecutor torch = await FakeExecutor.JoinAsync(Gateway, "torch", 10, null, "torch", "cuda");

        Assert.Equal("wants", (await torch.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Gpus_are_given_by_number_and_never_twice()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 5);
        TaskSpec wants = Task() with { Resources = new ResourceRequest { Gpus = 1 } };
        await Service.SubmitAsync([wants, wants, wants], None);

        var first = await executor.NextAsync();
        var second = await executor.NextAsync();
        Assert.Equal([0, 1], first.GpuDevices.Concat(second.GpuDevices));
        Assert.Null(executor.Given());
        await executor.CompleteAsync(second);

        Assert.Equal(second.GpuDevices, (await executor.NextAsync()).GpuDevices);
    }

    [Fact]
    public async Task Task_that_waits_past_its_queue_timeout_fails_without_running()
    {
        string id = await SubmitAsync(Task() with { QueueTimeout = TimeSpan.FromSeconds(5) });

        await PassAsync(TimeSpan.FromSeconds(5));

        TaskResult result = await EndOfAsync(id);
        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.QueueTimeout), (result.Status, result.Error?.Type));
        Assert.Contains("5 s", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_result_answers_the_same_work_until_it_is_too_old()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        TaskSpec work = Task() with { Cache = new CacheOptions { Ttl = TimeSpan.FromMinutes(1) } };
        string first = await SubmitAsync(work);
        await executor.CompleteAsync(await executor.NextAsync(), "found");
        await EndOfAsync(first);

        TaskResult cached = await EndOfAsync(await SubmitAsync(work with { Name = "other" }));
        Assert.Equal(("found", true, "other"), (cached.Stdout, cached.Cached, cached.Name));
        Assert.Null(executor.Given());

        await SubmitAsync(work with { Code = "print(2)" });
        await executor.CompleteAsync(await executor.NextAsync());
        await PassAsync(TimeSpan.FromMinutes(2));
        FakeExecutor later = await FakeExecutor.JoinAsync(Gateway, "later");
        string late = await SubmitAsync(work);
        await later.CompleteAsync(await later.NextAsync(), "again");
        Assert.Equal(("again", false), ((await EndOfAsync(late)).Stdout, (await EndOfAsync(late)).Cached));
    }

    [Fact]
    public async Task Service_whose_store_takes_writes_tells_of_no_outage() => Assert.Null(await Service.FindOutageAsync(None));
}
