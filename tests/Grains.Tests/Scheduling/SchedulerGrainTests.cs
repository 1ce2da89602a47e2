using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

public sealed class SchedulerGrainTests(TestCluster cluster) : QueueTest(cluster)
{
    [Fact]
    public async Task Scheduler_that_moves_keeps_what_waits_and_what_runs()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Service);
        await SubmitAsync("runs", "waits");
        TaskAssignment running = await executor.NextAsync();
        Task<TaskResult> end = EndOfAsync("waits");

        await Cluster.Silos.DeactivateAsync(Scheduler);

        Assert.True(await executor.CompleteAsync(running, "kept"));
        TaskAssignment next = await executor.NextAsync();
        Assert.Equal(("waits", 1), (next.Spec.TaskId, next.Attempt));
        Assert.True(await executor.CompleteAsync(next));
        Assert.Equal(ExecutionStatus.Completed, (await end).Status);
        Assert.Equal(("kept", 1), ((await EndOfAsync("runs")).Stdout, (await EndOfAsync("runs")).Attempt));
    }

    [Fact]
    public async Task Scheduler_that_moves_again_and_again_under_load_ends_every_task_once()
    {
        string[] ids = [.. Enumerable.Range(0, 400).Select(i => $"t{i}")];
        EagerExecutor[] executors = [new("a"), new("b"), new("c")];
        foreach (EagerExecutor executor in executors)
        {
            await Service.RegisterAsync(
                new RegisterMessage(new ExecutorRegistration { ExecutorId = executor.Id, Host = "host", MaxTasks = 4 }, []), executor, None);
        }

        Task<TaskResult[]> ends = Task.WhenAll(ids.Select(async id =>
        {
            await Service.SubmitAsync([Spec(id)], None);
            return await EndOfAsync(id);
        }));
        for (int i = 0; i < 5; i++)
        {
            await Cluster.Silos.DeactivateAsync(Scheduler);
            // Until it works again.
            await Service.ListExecutorsAsync(None);
        }

        TaskResult[] results = await ends;
        Assert.All(results, result => Assert.Equal(ExecutionStatus.Completed, result.Status));
        Assert.Equal(ids.Length, (await Store.CountAsync(None))[ExecutionStatus.Completed]);
        Assert.All(executors, executor => Assert.InRange(executor.MostAtOnce, 1, 4));
    }

    [Fact]
    public async Task Calls_that_come_twice_are_taken_once_and_news_is_repeated_until_it_was_seen()
    {
        Guid connection = Guid.NewGuid();
        CallBatch batch = new(connection, IsFirst: true, Silo: null, new([new NumberedCall(1, new SubmitCall([Spec("t")])), new NumberedCall(2, new WaitCall("none"))]));
        await TakenAsync(batch);
        await TakenAsync(batch);

        IReadOnlyList<NumberedEvent> first = await NewsAsync(connection, seen: 0, 2);
        IReadOnlyList<NumberedEvent> again = await NewsAsync(connection, seen: 0, 2);

        Assert.Equal([1, 2], first.Select(happened => happened.Number));
        Assert.Equal(first.Select(happened => happened.Event.GetType()), again.Select(happened => happened.Event.GetType()));
        Assert.Equal(SubmitStatus.Stored, Assert.Single(first.Select(happened => happened.Event).OfType<SubmitAnswer>()).Receipts[0].Outcome);
        Assert.Empty((await Scheduler.PullAsync(connection, 2)).Events.Open());
    }

    [Fact]
    public async Task Session_that_the_scheduler_does_not_know_is_told_so()
    {
        await TakenAsync(new CallBatch(Guid.NewGuid(), IsFirst: true, null, new([])));

        Assert.Equal(ConnectionStatus.UnknownConnection, await Scheduler.SendAsync(new CallBatch(Guid.NewGuid(), IsFirst: false, null, new([]))));
        Assert.Equal(ConnectionStatus.UnknownConnection, (await Scheduler.PullAsync(Guid.NewGuid(), 0)).Status);
    }

    private async Task TakenAsync(CallBatch batch)
    {
        ConnectionStatus status;
        do
        {
            status = await Scheduler.SendAsync(batch);
        }
        while (status == ConnectionStatus.Starting);

        Assert.Equal(ConnectionStatus.Taken, status);
    }

    private async Task<IReadOnlyList<NumberedEvent>> NewsAsync(Guid connection, long seen, int count)
    {
        while (true)
        {
            EventBatch happened = await Scheduler.PullAsync(connection, seen);
            Assert.Equal(ConnectionStatus.Taken, happened.Status);
            if (happened.Events.Open() is { } told && told.Count >= count)
            {
                return told;
            }
        }
    }
}
