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
            await Service.Executors.RegisterAsync(
                new ExecutorRegistration { ExecutorId = executor.Id, Host = "host", MaxTasks = 4 }, [], executor, None);
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
        Guid session = Guid.NewGuid();
        FrontBatch batch = new(session, IsFirst: true, Silo: null, new([new NumberedCall(1, new SubmitCall([Spec("t")])), new NumberedCall(2, new WaitCall("none"))]));
        await TakenAsync(batch);
        await TakenAsync(batch);

        IReadOnlyList<NumberedNews> first = await NewsAsync(session, seen: 0, 2);
        IReadOnlyList<NumberedNews> again = await NewsAsync(session, seen: 0, 2);

        Assert.Equal([1, 2], first.Select(news => news.Number));
        Assert.Equal(first.Select(news => news.News.GetType()), again.Select(news => news.News.GetType()));
        Assert.Equal(SubmitStatus.Stored, Assert.Single(first.Select(news => news.News).OfType<SubmitAnswer>()).Receipts[0].Outcome);
        Assert.Empty((await Scheduler.PullAsync(session, 2)).News.Open());
    }

    [Fact]
    public async Task Session_that_the_scheduler_does_not_know_is_told_so()
    {
        await TakenAsync(new FrontBatch(Guid.NewGuid(), IsFirst: true, null, new([])));

        Assert.Equal(FrontStatus.UnknownSession, await Scheduler.SendAsync(new FrontBatch(Guid.NewGuid(), IsFirst: false, null, new([]))));
        Assert.Equal(FrontStatus.UnknownSession, (await Scheduler.PullAsync(Guid.NewGuid(), 0)).Status);
    }

    private async Task TakenAsync(FrontBatch batch)
    {
        FrontStatus status;
        do
        {
            status = await Scheduler.SendAsync(batch);
        }
        while (status == FrontStatus.Starting);

        Assert.Equal(FrontStatus.Taken, status);
    }

    private async Task<IReadOnlyList<NumberedNews>> NewsAsync(Guid session, long seen, int count)
    {
        while (true)
        {
            FrontNews news = await Scheduler.PullAsync(session, seen);
            Assert.Equal(FrontStatus.Taken, news.Status);
            if (news.News.Open() is { } told && told.Count >= count)
            {
                return told;
            }
        }
    }
}
