using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Retention_by_age_removes_what_ended_before()
    {
        await SubmitAsync("open");
        await SubmitAsync("old");
        await SubmitAsync("new");
        await CompleteAsync(Completed("old"));
        SkipDays(2);
        await CompleteAsync(Completed("new"));

        long removed = await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = TimeSpan.FromDays(1), MaxTasks = null }, None);

        Assert.Equal(1, removed);
        Assert.Equal(["new", "open"], await ListIdsAsync(TaskFilter.All));
        Assert.Null(await Store.GetResultAsync("old", None));
        Assert.NotNull(await Store.GetResultAsync("new", None));
        Assert.Equal(WriteOutcome.NotFound, await CompleteAsync(Completed("old")));
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync(Spec("old"))).Status);
    }

    [Fact]
    public async Task Retention_by_number_removes_what_ended_first()
    {
        await SubmitManyAsync(1_300, i => Spec(Number(i)));
        await Task.WhenAll(Enumerable.Range(0, 1_290).Select(i => CompleteAsync(Completed(Number(i)))));
        for (int i = 1_290; i < 1_298; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await CompleteAsync(Completed(Number(i)));
        }

        long removed = await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = null, MaxTasks = 6 }, None);

        Assert.Equal(1_292, removed);
        Assert.Equal(Enumerable.Range(1_292, 8).Reverse().Select(Number), await ListIdsAsync(TaskFilter.All));
        Assert.Equal(0, await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = null, MaxTasks = 6 }, None));
    }

    [Fact]
    public async Task Retention_without_limits_removes_nothing()
    {
        await SubmitAsync("t");
        await CompleteAsync(Completed("t"));
        SkipDays(10_000);

        Assert.Equal(0, await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = null, MaxTasks = null }, None));
        Assert.NotNull(await Store.GetResultAsync("t", None));
    }

    [Fact]
    public async Task Newest_time_is_that_of_the_last_submit_or_end_and_what_has_ended_before_a_time_is_counted()
    {
        Assert.Null(await Store.FindNewestTimeAsync(None));
        await SubmitAsync("a");
        await SubmitAsync("b");
        DateTimeOffset submitted = StoredTime.Truncate(Time.GetUtcNow());
        Assert.Equal(submitted, await Store.FindNewestTimeAsync(None));
        SkipDays(2);
        await CompleteAsync(Completed("a"));
        DateTimeOffset ended = StoredTime.Truncate(Time.GetUtcNow());

        Assert.Equal(ended, await Store.FindNewestTimeAsync(None));
        Assert.Equal((0L, 1L), (await Store.CountEndedAsync(ended, None), await Store.CountEndedAsync(ended.AddMilliseconds(1), None)));

        SkipDays(1);
        await SubmitAsync("c");
        Assert.Equal(StoredTime.Truncate(Time.GetUtcNow()), await Store.FindNewestTimeAsync(None));
    }

    [Fact]
    public async Task Removed_result_answers_no_more_from_the_cache()
    {
        TaskSpec work = Spec("a") with { Cache = new CacheOptions() };
        await SubmitAsync(work);
        await CompleteAsync(Completed("a"));
        Time.Advance(TimeSpan.FromSeconds(1));

        await Store.ApplyRetentionAsync(new RetentionOptions { MaxAge = TimeSpan.Zero }, None);

        Assert.Null(await Store.FindCachedAsync(ContentHash.OfWork(work), DateTimeOffset.UnixEpoch, None));
    }

    [Fact]
    public async Task Output_over_the_limit_is_cut_with_a_mark()
    {
        await SubmitAsync("t");
        // Three bytes each in UTF-8, so that the limit falls into the middle of one.
        string output = new('漢', 10_000);

        await CompleteAsync(Completed("t") with { Stdout = output, Stderr = "short", Compile = new StageResult { ExitCode = 1, Stderr = output } });

        TaskResult stored = (await Store.GetResultAsync("t", None))!;
        string cut = new string('漢', 8 * 1024 / 3) + "\n[output truncated: more than 8 KiB]\n";
        Assert.Equal((cut, "short", cut, true), (stored.Stdout, stored.Stderr, stored.Compile!.Stderr, stored.OutputTruncated));
    }

    [Fact]
    public async Task Output_at_the_limit_is_whole()
    {
        await SubmitAsync("t");
        string output = new('x', 8 * 1024);

        await CompleteAsync(Completed("t") with { Stdout = output });

        TaskResult stored = (await Store.GetResultAsync("t", None))!;
        Assert.Equal((output, false), (stored.Stdout, stored.OutputTruncated));
    }

    [Fact]
    public async Task Spec_with_half_characters_comes_back_unchanged()
    {
        TaskSpec spec = Spec("t") with { Code = "\ud800 a \udc00\ud800 \0 \ufdd0FDD0", Args = ["\udbff"], Env = new Dictionary<string, string> { ["\ud900"] = "\0" } };

        await SubmitAsync(spec);

        TaskSpec stored = (await Store.GetAsync("t", None))!.Spec;
        Assert.Equal((spec.Code, "\udbff"), (stored.Code, stored.Args![0]));
        Assert.Equal(new KeyValuePair<string, string>("\ud900", "\0"), Assert.Single(stored.Env!));
        Assert.Equal(SubmitStatus.Existing, (await SubmitAsync(spec)).Status);
    }

    [Fact]
    public async Task Executor_is_kept_until_it_is_removed()
    {
        var executor = new ExecutorRecord
        {
            ExecutorId = "w1",
            Host = "host",
            Port = 7,
            MaxTasks = 4,
            Capabilities = ["gpu", "big"],
            LastSeenAt = Time.GetUtcNow(),
        };
        await Store.SaveExecutorAsync(executor with { ExecutorId = "w2", Capabilities = [] }, None);
        await Store.SaveExecutorAsync(executor with { MaxTasks = 1 }, None);
        await Store.SaveExecutorAsync(executor, None);

        IReadOnlyList<ExecutorRecord> executors = await Store.ListExecutorsAsync(None);
        Assert.Equal(["w1", "w2"], executors.Select(known => known.ExecutorId));
        Assert.Equivalent(executor, executors[0], strict: true);
        Assert.True(await Store.RemoveExecutorAsync("w1", None));
        Assert.False(await Store.RemoveExecutorAsync("w1", None));
        Assert.Equal("w2", Assert.Single(await Store.ListExecutorsAsync(None)).ExecutorId);
    }

    [Fact]
    public async Task Job_is_kept_with_its_progress_and_log()
    {
        var job = new JobRecord { JobId = "j1", Type = "docker_image.download", Params = Json("""{"code_executor": "d\u0000"}"""), CreatedAt = Time.GetUtcNow() };
        await Store.SaveJobAsync(job, None);
        Assert.True(await Store.AppendJobLogAsync("j1", "layer 1\n", None));
        JobRecord running = job with { Status = ExecutionStatus.Running, Progress = 0.5, StartedAt = Time.GetUtcNow() };
        await Store.SaveJobAsync(running, None);
        Assert.True(await Store.AppendJobLogAsync("j1", "layer\0 2\n", None));
        JobRecord failed = running with
        {
            Status = ExecutionStatus.Failed,
            EndedAt = Time.GetUtcNow().AddSeconds(1),
            Error = new TaskError { Type = "infrastructure.docker", Message = "no such image" },
        };
        await Store.SaveJobAsync(failed, None);

        JobRecord stored = (await Store.GetJobAsync("j1", None))!;
        Assert.Equal(failed with { Params = null }, stored with { Params = null });
        Assert.Equal("d\0", stored.Params!.Value.GetProperty("code_executor").GetString());
        Assert.Equal("layer 1\nlayer\0 2\n", await Store.GetJobLogAsync("j1", None));
    }

    [Fact]
    public async Task Job_log_over_the_limit_ends_in_a_mark()
    {
        await Store.SaveJobAsync(new JobRecord { JobId = "j", Type = "t", CreatedAt = Time.GetUtcNow() }, None);
        await Store.AppendJobLogAsync("j", new string('a', 8_000), None);
        await Store.AppendJobLogAsync("j", new string('b', 8_000), None);
        await Store.AppendJobLogAsync("j", "c", None);

        Assert.Equal(
            $"{new string('a', 8_000)}{new string('b', 192)}\n[output truncated: more than 8 KiB]\n", await Store.GetJobLogAsync("j", None));
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first()
    {
        foreach (string id in (string[])["a", "b", "c"])
        {
            await Store.SaveJobAsync(new JobRecord { JobId = id, Type = "t", CreatedAt = Time.GetUtcNow() }, None);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(["c", "b"], (await Store.ListJobsAsync(2, None)).Select(job => job.JobId));
        Assert.Null(await Store.GetJobAsync("none", None));
        Assert.Null(await Store.GetJobLogAsync("none", None));
        Assert.False(await Store.AppendJobLogAsync("none", "x", None));
    }

    /// <summary>Later, without each tick of timers on the way: there are hundreds of millions in these days.</summary>
    private void SkipDays(int days) => Time.AdjustTime(Time.GetUtcNow().AddDays(days));
}
