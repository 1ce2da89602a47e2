using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>A store that is away for a while: what has ended is not lost.</summary>
public sealed class BrokenStoreTests
{
    [Fact]
    public async Task Result_is_stored_when_the_store_is_back_and_only_then_told()
    {
        await using FailingStore store = new();
        FakeTimeProvider time = new();
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions(), time);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        await host.Engine.SubmitAsync([new TaskSpec { TaskId = "t", Code = "x", Language = "python" }], CancellationToken.None);
        TaskAssignment given = await executor.NextAsync();
        Task<TaskResult?> waiting = host.Engine.WaitAsync("t", TimeSpan.FromHours(1), CancellationToken.None);

        store.IsAway = true;
        Task<bool> report = executor.CompleteAsync(given, "kept");
        await store.Failed.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(waiting.IsCompleted || report.IsCompleted);
        store.IsAway = false;
        while (!report.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        Assert.True(await report);
        Assert.Equal("kept", (await waiting.WaitAsync(TimeSpan.FromSeconds(20)))?.Stdout);
    }

    [Fact]
    public async Task Start_and_submit_ask_how_parents_ended_and_read_no_result()
    {
        await using FailingStore store = new() { FailsResults = true };
        static TaskSpec Spec(string id, params string[] parents) => new() { TaskId = id, Code = "x", Language = "python", DependsOn = parents };
        await using (EngineHost before = await EngineHost.StartAsync(store, new EngineOptions(), TimeProvider.System))
        {
            FakeExecutor one = await FakeExecutor.JoinAsync(before.Engine, maxTasks: 1);
            await before.Engine.SubmitAsync([Spec("parent"), Spec("held"), Spec("child", "parent", "held")], CancellationToken.None);
            Assert.True(await one.CompleteAsync(await one.NextAsync(), "large"));
            await one.NextAsync();
        }

        await using EngineHost after = await EngineHost.StartAsync(store, new EngineOptions(), TimeProvider.System);
        await after.Engine.SubmitAsync([Spec("late", "parent")], CancellationToken.None);

        FakeExecutor executor = await FakeExecutor.JoinAsync(after.Engine, maxTasks: 2);
        TaskAssignment[] given = [await executor.NextAsync(), await executor.NextAsync()];
        Assert.Equal(["held", "late"], given.Select(assignment => assignment.Spec.TaskId).Order());
        Assert.True(await executor.CompleteAsync(given.Single(assignment => assignment.Spec.TaskId == "held")));
        Assert.Equal("child", (await executor.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Submit_that_can_not_be_stored_fails_and_may_be_repeated()
    {
        await using FailingStore store = new();
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions(), TimeProvider.System);
        TaskSpec[] workflow = [new() { TaskId = "a", Code = "x", Language = "python" }, new() { TaskId = "b", Code = "x", Language = "python", DependsOn = ["a"] }];

        store.IsAway = true;
        await Assert.ThrowsAsync<StorageException>(() => host.Engine.SubmitAsync(workflow, CancellationToken.None));
        store.IsAway = false;
        await host.Engine.SubmitAsync(workflow, CancellationToken.None);

        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        await executor.CompleteAsync(await executor.NextAsync());
        Assert.Equal("b", (await executor.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Stored_task_waits_for_a_parent_that_is_not_stored_yet_whatever_fails_on_the_way()
    {
        await using FailingStore store = new();
        TaskSpec[] workflow =
        [
            Spec("child", "parent"), Spec("grandchild", "child"), Spec("beside", "parent"), Spec("parent"),
        ];
        // As a batch that was cut short left it.
        await store.SubmitAsync([.. workflow[..2].Select(spec => new TaskSubmission(spec, DateTimeOffset.UtcNow))], CancellationToken.None);
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions(), TimeProvider.System);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);
        Assert.Equal(ExecutionStatus.Pending, (await host.Engine.GetAsync("child", CancellationToken.None))!.Record.State.Status);
        Assert.Equal(ExecutionStatus.Pending, (await host.Engine.GetAsync("grandchild", CancellationToken.None))!.Record.State.Status);

        store.IsAway = true;
        await Assert.ThrowsAsync<StorageException>(() => host.Engine.SubmitAsync(workflow, CancellationToken.None));
        store.IsAway = false;
        Assert.Null(executor.Given());
        await host.Engine.SubmitAsync(workflow, CancellationToken.None);

        List<string> order = [];
        for (int i = 0; i < workflow.Length; i++)
        {
            TaskAssignment given = await executor.NextAsync();
            order.Add(given.Spec.TaskId!);
            await executor.CompleteAsync(given);
        }

        Assert.Equal(["parent", "child", "beside", "grandchild"], order);
    }

    [Fact]
    public async Task Batch_that_fails_in_the_store_leaves_those_waiting_that_wait_for_one_of_it()
    {
        await using FailingStore store = new();
        await store.SubmitAsync(new TaskSubmission(Spec("child", "parent"), DateTimeOffset.UtcNow), CancellationToken.None);
        await using EngineHost host = await EngineHost.StartAsync(store, new EngineOptions(), TimeProvider.System);
        FakeExecutor executor = await FakeExecutor.JoinAsync(host.Engine);

        store.FailsWrites = true;
        await Assert.ThrowsAsync<StorageException>(() => host.Engine.SubmitAsync([Spec("parent"), Spec("other", "parent")], CancellationToken.None));
        store.FailsWrites = false;
        await host.Engine.SubmitAsync([Spec("parent")], CancellationToken.None);

        TaskAssignment parent = await executor.NextAsync();
        Assert.Equal("parent", parent.Spec.TaskId);
        await executor.CompleteAsync(parent);
        Assert.Equal("child", (await executor.NextAsync()).Spec.TaskId);
    }

    private static TaskSpec Spec(string id, params string[] parents) =>
        new() { TaskId = id, Code = "x", Language = "python", DependsOn = parents.Length == 0 ? null : parents };
}
