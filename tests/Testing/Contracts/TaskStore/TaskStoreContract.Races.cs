using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Of_racing_completions_exactly_one_is_recorded()
    {
        for (int round = 0; round < 20; round++)
        {
            string id = Number(round);
            await SubmitAsync(id);
            TaskResult[] results = [.. Enumerable.Range(0, 24).Select(i => Completed(id, attempt: 1) with { Stdout = Number(i) })];

            WriteOutcome[] outcomes = await Task.WhenAll(results.Select(result => Task.Run(() => CompleteAsync(result))));

            int winner = Assert.Single(Enumerable.Range(0, outcomes.Length), i => outcomes[i] == WriteOutcome.Recorded);
            Assert.Equal(Number(winner), (await Store.GetResultAsync(id, None))!.Stdout);
        }
    }

    [Fact]
    public async Task Of_racing_requeues_and_completions_of_an_attempt_exactly_one_is_recorded()
    {
        for (int round = 0; round < 20; round++)
        {
            string id = Number(round);
            await SubmitAsync(id);

            WriteOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
                () => i % 2 == 0 ? Store.RequeueAsync(new TaskRequeue(id, 1), None) : CompleteAsync(Completed(id)))));

            Assert.Single(outcomes, outcome => outcome == WriteOutcome.Recorded);
        }
    }

    [Fact]
    public async Task Marked_task_becomes_running()
    {
        await SubmitAsync("t");
        DateTimeOffset started = Time.GetUtcNow();
        Store.MarkRunning(new TaskStart("t", 1, "e1", started));

        await UntilAsync("t", state => state.Status == ExecutionStatus.Running);

        TaskState state = await StateAsync("t");
        Assert.Equal(("e1", started), (state.ExecutorId, state.StartedAt));
        Assert.Equal(["t"], await ListIdsAsync(new TaskFilter { Status = ExecutionStatus.Running }));
        Assert.Equal(["t"], await OpenIdsAsync());
        Assert.Equal(WriteOutcome.Recorded, await Store.RequeueAsync(new TaskRequeue("t", 1), None));
        Assert.Equal((ExecutionStatus.Pending, null, null), ((await StateAsync("t")).Status, (await StateAsync("t")).ExecutorId, (await StateAsync("t")).StartedAt));
    }

    [Fact]
    public async Task Mark_of_a_stale_attempt_or_of_an_ended_task_changes_nothing()
    {
        await SubmitAsync("old");
        await Store.RequeueAsync(new TaskRequeue("old", 1), None);
        await SubmitAsync("ended");
        await CompleteAsync(Completed("ended"));
        await SubmitAsync("current");
        TaskState ended = await StateAsync("ended");

        Store.MarkRunning(new TaskStart("old", 1, "e1", Time.GetUtcNow()));
        Store.MarkRunning(new TaskStart("ended", 1, "e1", Time.GetUtcNow()));
        Store.MarkRunning(new TaskStart("current", 1, "e1", Time.GetUtcNow()));
        await UntilAsync("current", state => state.Status == ExecutionStatus.Running);

        Assert.Equal((ExecutionStatus.Pending, 2), ((await StateAsync("old")).Status, (await StateAsync("old")).Attempt));
        Assert.Equal(ended, await StateAsync("ended"));
    }

    /// <summary>Lets time pass until the marks have been written.</summary>
    private async Task UntilAsync(string id, Func<TaskState, bool> condition)
    {
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition(await StateAsync(id)))
        {
            timeLimit.Token.ThrowIfCancellationRequested();
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
