using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task List_is_newest_first_page_by_page()
    {
        // Many of the same millisecond: the time alone doesn't say where a page ended.
        await Store.SubmitAsync([.. Enumerable.Range(0, 25).Select(i => new TaskSubmission(Spec(Number(i)), Time.GetUtcNow().AddMilliseconds(i / 10)))], None);

        List<string> seen = [];
        List<int> sizes = [];
        TaskCursor? next = null;
        do
        {
            TaskPage page = await Store.ListAsync(TaskFilter.All, 4, next, None);
            seen.AddRange(page.Tasks.Select(task => task.TaskId));
            sizes.Add(page.Tasks.Count);
            next = page.Next is TaskCursor cursor && TaskCursor.TryParse(cursor.ToString(), out TaskCursor parsed) ? parsed : null;
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(Number), seen);
        Assert.Equal([4, 4, 4, 4, 4, 4, 1], sizes);
    }

    [Fact]
    public async Task Last_full_page_has_no_next_one()
    {
        await SubmitManyAsync(6, i => Spec(Number(i)));

        TaskPage first = await Store.ListAsync(TaskFilter.All, 3, null, None);
        TaskPage second = await Store.ListAsync(TaskFilter.All, 3, first.Next, None);

        Assert.NotNull(first.Next);
        Assert.Equal((3, null), (second.Tasks.Count, second.Next));
    }

    [Fact]
    public async Task List_by_filter_has_what_matches_all_of_it()
    {
        await SubmitAsync(Spec("plain"));
        await SubmitAsync(Spec("named") with { Name = "report \0" });
        await SubmitAsync(Spec("docker") with { Executor = "docker_python_default", Name = "report \0" });
        Time.Advance(TimeSpan.FromSeconds(1));
        DateTimeOffset later = Time.GetUtcNow();
        await SubmitAsync(Spec("node") with { Language = "node" });
        await SubmitAsync(new TaskSpec { TaskId = "script", Script = "x.py" });
        await CompleteAsync(Completed("script") with { ExecutorId = "w1", RuntimeId = "python" });
        await CompleteAsync(Completed("named") with { ExecutorId = "w1" });

        Assert.Equal(["script", "node", "docker", "named", "plain"], await ListIdsAsync(TaskFilter.All));
        Assert.Equal(["node", "docker", "plain"], await ListIdsAsync(new TaskFilter { Status = ExecutionStatus.Pending }));
        Assert.Equal(["script", "named"], await ListIdsAsync(new TaskFilter { Status = ExecutionStatus.Completed }));
        Assert.Empty(await ListIdsAsync(new TaskFilter { Status = ExecutionStatus.Failed }));
        Assert.Equal(["docker", "named"], await ListIdsAsync(new TaskFilter { Name = "report \0" }));
        Assert.Equal(["docker"], await ListIdsAsync(new TaskFilter { CodeExecutor = "docker_python_default" }));
        Assert.Equal(["script", "named"], await ListIdsAsync(new TaskFilter { ExecutorId = "w1" }));
        Assert.Equal(["script", "docker", "named", "plain"], await ListIdsAsync(new TaskFilter { Runtime = "python" }));
        Assert.Equal(["script", "node"], await ListIdsAsync(new TaskFilter { Since = later }));
        Assert.Empty(await ListIdsAsync(new TaskFilter { Since = later.AddTicks(1) }));
        Assert.Equal(
            ["named"], await ListIdsAsync(new TaskFilter { Status = ExecutionStatus.Completed, ExecutorId = "w1", Name = "report \0", Runtime = "python" }));
    }

    [Fact]
    public async Task Page_of_no_size_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(TaskFilter.All, 0, null, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync(TaskFilter.All, 10_001, null, None));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListJobsAsync(0, None));
    }

    [Fact]
    public async Task Open_tasks_come_by_priority_then_age_and_without_the_ended_ones()
    {
        int[] priorities = [0, 5, -2_000_000_000, 5, 0, int.MaxValue, int.MinValue, 0];
        await SubmitManyAsync(priorities.Length, i => Spec(Number(i)) with { Priority = priorities[i] });
        await CompleteAsync(Completed(Number(4)));
        await Store.RequeueAsync(new TaskRequeue(Number(1), 1), None);

        Assert.Equal(new[] { 5, 1, 3, 0, 7, 2, 6 }.Select(Number), await OpenIdsAsync());
    }

    [Fact]
    public async Task Open_tasks_are_read_over_many_pages()
    {
        await SubmitManyAsync(1_000, i => Spec(Number(i)) with { Priority = i % 7 });

        Assert.Equal(
            Enumerable.Range(0, 1_000).OrderByDescending(i => i % 7).ThenBy(i => i).Select(Number),
            await OpenIdsAsync());
    }

    [Fact]
    public async Task Specs_are_fetched_by_id()
    {
        await SubmitManyAsync(1_000, i => Spec(Number(i)) with { Code = $"print({i})" });

        IReadOnlyDictionary<string, TaskSpec> specs = await Store.GetSpecsAsync(
            [.. Enumerable.Range(0, 1_000).Where(i => i % 2 == 0).Select(Number), "none", Number(0)], None);

        Assert.Equal(500, specs.Count);
        Assert.All(specs, pair => Assert.Equal(Text(Spec(pair.Key) with { Code = $"print({int.Parse(pair.Key)})" }), Text(pair.Value)));
    }

    [Fact]
    public async Task States_are_fetched_by_id()
    {
        await SubmitManyAsync(1_000, i => Spec(Number(i)));
        await CompleteAsync(Completed(Number(0)));
        await Store.CancelAsync(new TaskCompletion(Cancelled(Number(2))), None);

        IReadOnlyDictionary<string, TaskState> states = await Store.GetStatesAsync(
            [.. Enumerable.Range(0, 1_000).Where(i => i % 2 == 0).Select(Number), "none", Number(0)], None);

        Assert.Equal(500, states.Count);
        Assert.All(states, pair => Assert.Equal(
            int.Parse(pair.Key) switch { 0 => ExecutionStatus.Completed, 2 => ExecutionStatus.Cancelled, _ => ExecutionStatus.Pending }, pair.Value.Status));
        Assert.Equal((await Store.GetAsync(Number(0), None))!.Record.State, states[Number(0)]);
    }

    [Fact]
    public async Task Count_has_every_status()
    {
        await SubmitManyAsync(5, i => Spec(Number(i)));
        await CompleteAsync(Completed(Number(0)));
        await CompleteAsync(Completed(Number(1)) with { Status = ExecutionStatus.Failed });
        await Store.CancelAsync(new TaskCompletion(Cancelled(Number(2))), None);

        IReadOnlyDictionary<ExecutionStatus, long> counts = await Store.CountAsync(None);

        Assert.Equal(
            [(ExecutionStatus.Pending, 2L), (ExecutionStatus.Running, 0L), (ExecutionStatus.Completed, 1L), (ExecutionStatus.Failed, 1L), (ExecutionStatus.Cancelled, 1L)],
            counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public async Task Cached_result_is_the_newest_of_the_same_work()
    {
        TaskSpec work = Spec("a") with { Cache = new CacheOptions(), Params = Json("""{"x":1,"y":2}""") };
        ContentHash key = ContentHash.OfWork(work);
        await SubmitAsync(work);
        Assert.Null(await Store.FindCachedAsync(key, DateTimeOffset.UnixEpoch, None));
        await CompleteAsync(Completed("a"));
        Time.Advance(TimeSpan.FromSeconds(10));
        DateTimeOffset second = Time.GetUtcNow();
        await SubmitAsync(work with { TaskId = "b", Priority = 4, Name = "n", Params = Json("""{ "y": 2, "x": 1 }""") });
        await CompleteAsync(Completed("b"));
        Time.Advance(TimeSpan.FromSeconds(10));

        // Neither of these is an answer: failed, itself an answer from the cache, other work, not asked for.
        await SubmitAsync(work with { TaskId = "c" });
        await CompleteAsync(Completed("c") with { Status = ExecutionStatus.Failed });
        await SubmitAsync(work with { TaskId = "d" });
        await CompleteAsync(Completed("d") with { Cached = true });
        await SubmitAsync(work with { TaskId = "e", Params = Json("""{"x":1,"y":2.0}""") });
        await CompleteAsync(Completed("e"));
        await SubmitAsync(work with { TaskId = "f", Cache = null });
        await CompleteAsync(Completed("f"));

        Assert.Equal("b", (await Store.FindCachedAsync(key, DateTimeOffset.UnixEpoch, None))?.TaskId);
        Assert.Equal("b", (await Store.FindCachedAsync(key, second, None))?.TaskId);
        Assert.Null(await Store.FindCachedAsync(key, second.AddMilliseconds(1), None));
    }
}
