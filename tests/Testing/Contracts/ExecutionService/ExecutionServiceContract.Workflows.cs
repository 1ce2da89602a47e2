using Executor.Executors;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class ExecutionServiceContract
{
    [Fact]
    public async Task Diamond_runs_in_order_and_its_independent_tasks_at_the_same_time()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 10);
        await Service.SubmitAsync([Task("d", 9, "b", "c"), Task("b", 0, "a"), Task("c", 0, "a"), Task("a")], None);

        TaskAssignment a = await executor.NextAsync();
        Assert.Equal("a", a.Spec.TaskId);
        Assert.Null(executor.Given());
        await executor.CompleteAsync(a);
        TaskAssignment b = await executor.NextAsync();
        TaskAssignment c = await executor.NextAsync();
        Assert.Equal(("b", "c"), (b.Spec.TaskId, c.Spec.TaskId));
        await executor.CompleteAsync(c);
        Assert.Null(executor.Given());
        await executor.CompleteAsync(b);

        Assert.Equal("d", (await executor.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Failing_task_fails_its_descendants_and_nobody_else()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway, maxTasks: 10);
        await Service.SubmitAsync([Task("bad"), Task("good"), Task("child", 0, "bad"), Task("grandchild", 0, "child", "good"), Task("other", 0, "good")], None);

        await executor.FailAsync(await executor.NextAsync());
        await executor.CompleteAsync(await executor.NextAsync());
        await executor.CompleteAsync(await executor.NextAsync());

        Assert.Equal(TaskErrorTypes.Dependency, (await EndOfAsync("child")).Error?.Type);
        Assert.Contains("'child'", (await EndOfAsync("grandchild")).Error?.Message, StringComparison.Ordinal);
        Assert.Equal(ExecutionStatus.Completed, (await EndOfAsync("other")).Status);
    }

    [Fact]
    public async Task Cycle_is_refused_with_the_cycle_named_and_nothing_is_taken()
    {
        var refused = await Assert.ThrowsAsync<InvalidTaskException>(() => Service.SubmitAsync(
            [Task("a", 0, "c"), Task("b", 0, "a"), Task("c", 0, "b"), Task("free")], None));

        Assert.Contains("a → c → b → a", refused.Message, StringComparison.Ordinal);
        Assert.Null(await Service.GetAsync("free", None));
        await Service.SubmitAsync([Task("a"), Task("b", 0, "a")], None);
    }

    [Fact]
    public async Task Parent_may_have_ended_before_and_one_that_does_not_exist_is_a_fault()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        await Service.SubmitAsync([Task("done"), Task("failed")], None);
        await executor.CompleteAsync(await executor.NextAsync());
        await executor.FailAsync(await executor.NextAsync());
        await EndOfAsync("failed");

        await SubmitAsync(Task("after", 0, "done"));
        await SubmitAsync(Task("never", 0, "failed"));
        var refused = await Assert.ThrowsAsync<InvalidTaskException>(() => SubmitAsync(Task("x", 0, "nobody")));

        Assert.Equal("after", (await executor.NextAsync()).Spec.TaskId);
        Assert.Equal(TaskErrorTypes.Dependency, (await EndOfAsync("never")).Error?.Type);
        Assert.Contains("'nobody'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_parent_fails_those_that_wait_for_it()
    {
        await Service.SubmitAsync([Task("parent"), Task("child", 0, "parent")], None);

        await Service.CancelAsync("parent", None);

        Assert.Contains("CANCELLED", (await EndOfAsync("child")).Error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_submitted_again_is_the_same_workflow()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Gateway);
        TaskSpec[] workflow = [Task("a"), Task("b", 0, "a")];
        await Service.SubmitAsync(workflow, None);
        await Service.SubmitAsync(workflow, None);
        await executor.CompleteAsync(await executor.NextAsync());
        await Service.SubmitAsync(workflow, None);
        await executor.CompleteAsync(await executor.NextAsync());
        await EndOfAsync("b");
        await Service.SubmitAsync(workflow, None);

        Assert.Null(executor.Given());
    }

    [Fact]
    public async Task Parents_that_do_not_exist_and_cycles_are_named_by_the_place_of_their_task()
    {
        var unknown = await Assert.ThrowsAsync<InvalidTaskException>(() => Service.SubmitAsync(
            [Task("a"), Task("b", 0, "nobody"), Task("c", 0, "a"), Task("d", 0, "no-one")], None));
        Assert.Equal(["tasks[1].depends_on", "tasks[3].depends_on"], unknown.Faults.Select(fault => fault.Field));

        var cycle = await Assert.ThrowsAsync<InvalidTaskException>(() => Service.SubmitAsync([Task("a"), Task("b", 0, "c"), Task("c", 0, "b")], None));
        Assert.Contains(Assert.Single(cycle.Faults).Field, new[] { "tasks[1].depends_on", "tasks[2].depends_on" });

        var single = await Assert.ThrowsAsync<InvalidTaskException>(() => Service.SubmitAsync([Task("b", 0, "nobody")], None));
        Assert.Equal("depends_on", Assert.Single(single.Faults).Field);
    }
}
