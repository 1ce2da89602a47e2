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
        ManualTime time = new();
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
}
