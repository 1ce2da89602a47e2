using Executor.Tasks;

namespace Executor.Storage.Sql.Tests;

public abstract partial class SqlTaskStoreContract
{
    private const int Ids = 14;

    /// <summary>Random bursts of writes, which share transactions as they happen to, against the plain store in memory.</summary>
    [Fact]
    public async Task Random_histories_are_those_of_the_store_in_memory()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            await Store.ApplyRetentionAsync(new RetentionOptions { MaxTasks = 0 }, None);
            foreach (string id in await OpenIdsAsync())
            {
                await Store.CancelAsync(new TaskCompletion(Cancelled(id)), None);
            }

            await Store.ApplyRetentionAsync(new RetentionOptions { MaxTasks = 0 }, None);
            await RunHistoryAsync(new Random(seed), new InMemoryTaskStore(Time, OutputLimit));
        }
    }

    private async Task RunHistoryAsync(Random random, InMemoryTaskStore model)
    {
        List<TaskResult> results = [];
        for (int burst = 0; burst < 25; burst++)
        {
            List<Task<string>> expected = [];
            List<Task<string>> actual = [];
            for (int i = random.Next(1, 30); i > 0; i--)
            {
                Func<ITaskStore, Task<string>> write = RandomWrite(random, results);
                expected.Add(write(model));
                actual.Add(write(Store));
            }

            Assert.Equal(await Task.WhenAll(expected), await Task.WhenAll(actual));
            if (random.Next(6) == 0)
            {
                var retention = new RetentionOptions { MaxAge = TimeSpan.FromMilliseconds(random.Next(50)), MaxTasks = random.Next(Ids) };
                Assert.Equal(await model.ApplyRetentionAsync(retention, None), await Store.ApplyRetentionAsync(retention, None));
            }

            await AssertSameAsync(random, model);
            Time.Advance(TimeSpan.FromMilliseconds(random.Next(10)));
        }
    }

    private Func<ITaskStore, Task<string>> RandomWrite(Random random, List<TaskResult> results)
    {
        string id = Number(random.Next(Ids));
        int attempt = random.Next(1, 4);
        switch (random.Next(8))
        {
            case 0 or 1:
                TaskSubmission submission = RandomSubmission(random, id);
                return async store => (await store.SubmitAsync(submission, None)).ToString();
            case 2:
                TaskSubmission[] submissions = [.. Enumerable.Range(0, random.Next(5)).Select(_ => RandomSubmission(random, Number(random.Next(Ids))))];
                return async store => string.Join('\n', await store.SubmitAsync(submissions, None));
            case 3:
                results.Add(Completed(id, attempt) with
                {
                    Status = (ExecutionStatus)random.Next(2, 5),
                    Cached = random.Next(4) == 0,
                    ExecutorId = random.Next(2) == 0 ? null : "w",
                    RuntimeId = random.Next(2) == 0 ? null : "node",
                });
                TaskResult completed = results[^1];
                return async store => (await store.CompleteAsync(new TaskCompletion(completed), None)).ToString();
            case 4 when results.Count > 0:
                TaskResult again = results[random.Next(results.Count)];
                return async store => (await store.CompleteAsync(new TaskCompletion(again), None)).ToString();
            case 5:
                TaskResult cancelled = Cancelled(id);
                return async store => (await store.CancelAsync(new TaskCompletion(cancelled), None)).ToString();
            case 6:
                return async store => (await store.RequestCancelAsync(id, None)).ToString();
            default:
                var requeue = new TaskRequeue(id, attempt)
                {
                    Failures = random.Next(3),
                    NotBefore = random.Next(2) == 0 ? null : Time.GetUtcNow().AddTicks(random.Next(1_000_000)),
                };
                return async store => (await store.RequeueAsync(requeue, None)).ToString();
        }
    }

    private TaskSubmission RandomSubmission(Random random, string id) => new(
        Spec(id) with
        {
            Priority = random.Next(2),
            Name = random.Next(3) == 0 ? "named" : null,
            Cache = new CacheOptions(),
        },
        Time.GetUtcNow().AddMilliseconds(-random.Next(3)));

    private async Task AssertSameAsync(Random random, InMemoryTaskStore model)
    {
        Assert.Equal((await model.CountAsync(None)).OrderBy(pair => pair.Key), (await Store.CountAsync(None)).OrderBy(pair => pair.Key));
        Assert.Equal(await OpenAsync(model), await OpenAsync(Store));
        var filter = new TaskFilter
        {
            Status = random.Next(2) == 0 ? null : (ExecutionStatus)random.Next(5),
            Name = random.Next(3) == 0 ? "named" : null,
            Runtime = random.Next(3) == 0 ? "python" : null,
            ExecutorId = random.Next(3) == 0 ? "w" : null,
            Since = random.Next(2) == 0 ? null : Time.GetUtcNow().AddMilliseconds(-random.Next(20)),
        };
        int limit = random.Next(1, 6);
        Assert.Equal(await ListAsync(model, filter, limit), await ListAsync(Store, filter, limit));
        for (int i = 0; i < Ids; i++)
        {
            Assert.Equal(await DescribeAsync(model, Number(i)), await DescribeAsync(Store, Number(i)));
        }

        ContentHash work = ContentHash.OfWork(Spec("any"));
        DateTimeOffset since = Time.GetUtcNow().AddMilliseconds(-random.Next(40));
        Assert.Equal((await model.FindCachedAsync(work, since, None))?.Id, (await Store.FindCachedAsync(work, since, None))?.Id);
    }

    private static async Task<List<string>> OpenAsync(ITaskStore store)
    {
        List<string> open = [];
        await foreach (TaskRecord task in store.ReadOpenAsync(None))
        {
            open.Add($"{task.TaskId} {task.Priority} {task.State}");
        }

        return open;
    }

    private static async Task<List<string>> ListAsync(ITaskStore store, TaskFilter filter, int limit)
    {
        List<string> listed = [];
        TaskCursor? next = null;
        do
        {
            TaskPage page = await store.ListAsync(filter, limit, next, None);
            listed.AddRange(page.Tasks.Select(task => task.TaskId));
            next = page.Next;
        }
        while (next is not null);

        return listed;
    }

    private static async Task<string> DescribeAsync(ITaskStore store, string id) =>
        await store.GetAsync(id, None) is StoredTask task
            ? $"{task.Record.Name} {task.Record.SubmittedAt:O} {task.Record.State} {Text(task.Spec)} "
                + (await store.GetResultAsync(id, None) is TaskResult result ? Text(result) : "no result")
            : "not there";
}
