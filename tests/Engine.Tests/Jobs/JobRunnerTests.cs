using System.Text.Json;
using Executor.Execution;
using Executor.Jobs;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Engine.Jobs;

public sealed class JobRunnerTests : IAsyncLifetime
{
    private const string Type = "test.scripted";
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _may = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _began = new(0);
    private readonly InMemoryTaskStore _store = new(TimeProvider.System);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _began.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Job_is_completed_with_its_progress_and_log_kept()
    {
        await using JobRunner jobs = await OpenAsync(Waiting(job =>
        {
            job.Log("first");
            job.Report(0.5);
            job.Report(0.25);
            job.Log("second");
        }));
        JobRecord asked = await jobs.StartAsync(Type, Json("""{"a": 1}"""), CancellationToken.None);
        await _began.WaitAsync(TimeLimit);
        JobRecord? running = await jobs.GetAsync(asked.JobId, CancellationToken.None);
        string? log = await jobs.GetLogAsync(asked.JobId, CancellationToken.None);

        _may.SetResult();
        JobRecord? ended = await jobs.WaitAsync(asked.JobId, TimeLimit, CancellationToken.None);

        Assert.Equal((ExecutionStatus.Running, 0.5), (running!.Status, running.Progress));
        Assert.Equal("first\nsecond\n", log);
        Assert.Equal((ExecutionStatus.Completed, 1.0, null), (ended!.Status, ended.Progress, ended.Error));
        Assert.Equal(1, ended.Params!.Value.GetProperty("a").GetInt32());
        Assert.True(ended.CreatedAt <= ended.StartedAt && ended.StartedAt <= ended.EndedAt);
        Assert.Equal(ended, await _store.GetJobAsync(asked.JobId, CancellationToken.None), Same);
        Assert.Equal([asked.JobId], (await jobs.ListAsync(10, CancellationToken.None)).Select(job => job.JobId));
    }

    [Fact]
    public async Task Equal_job_joins_the_running_one_and_another_does_not()
    {
        ScriptedJob type = Waiting();
        await using JobRunner jobs = await OpenAsync(type);

        JobRecord[] same = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => jobs.StartAsync(Type, Json("""{"a": 1}"""), CancellationToken.None))));
        JobRecord other = await jobs.StartAsync(Type, Json("""{"a": 2}"""), CancellationToken.None);
        _may.SetResult();
        await jobs.WaitAsync(same[0].JobId, TimeLimit, CancellationToken.None);
        await jobs.WaitAsync(other.JobId, TimeLimit, CancellationToken.None);
        JobRecord later = await jobs.StartAsync(Type, Json("""{"a": 1}"""), CancellationToken.None);
        await jobs.WaitAsync(later.JobId, TimeLimit, CancellationToken.None);

        Assert.Single(same.Select(job => job.JobId).Distinct());
        Assert.Equal(3, new[] { same[0].JobId, other.JobId, later.JobId }.Distinct().Count());
        Assert.Equal(3, type.Runs);
    }

    [Fact]
    public async Task What_is_not_valid_is_refused_by_field()
    {
        await using JobRunner jobs = await OpenAsync(Waiting());

        Assert.Equal(
            "type: unknown job type; did you mean test.scripted? Known job types: test.scripted",
            (await Assert.ThrowsAsync<InvalidInputException>(() => jobs.StartAsync("test.script", null, CancellationToken.None))).Message);
        Assert.Equal(
            "params: must be an object, was a list",
            (await Assert.ThrowsAsync<InvalidInputException>(() => jobs.StartAsync(Type, Json("[]"), CancellationToken.None))).Message);
        Assert.Equal(
            "params.bad: is not to be given",
            (await Assert.ThrowsAsync<InvalidInputException>(() => jobs.StartAsync(Type, Json("""{"bad": 1}"""), CancellationToken.None))).Message);
        Assert.Empty(await jobs.ListAsync(10, CancellationToken.None));
    }

    [Fact]
    public async Task Cancelled_job_ends_and_one_that_waits_ends_at_once()
    {
        await using JobRunner jobs = await OpenAsync(Waiting(), new JobRunnerOptions { MaxRunning = 1 });
        JobRecord running = await jobs.StartAsync(Type, Json("""{"a": 1}"""), CancellationToken.None);
        await _began.WaitAsync(TimeLimit);
        JobRecord waiting = await jobs.StartAsync(Type, Json("""{"a": 2}"""), CancellationToken.None);
        Assert.Equal(ExecutionStatus.Pending, waiting.Status);

        Assert.Equal(CancelOutcome.Cancelled, await jobs.CancelAsync(waiting.JobId, CancellationToken.None));
        Assert.Equal(CancelOutcome.Requested, await jobs.CancelAsync(running.JobId, CancellationToken.None));
        JobRecord? ended = await jobs.WaitAsync(running.JobId, TimeLimit, CancellationToken.None);

        Assert.Equal((ExecutionStatus.Cancelled, TaskErrorTypes.Cancelled), (ended!.Status, ended.Error?.Type));
        Assert.Equal(CancelOutcome.AlreadyEnded, await jobs.CancelAsync(running.JobId, CancellationToken.None));
        Assert.Equal(CancelOutcome.NotFound, await jobs.CancelAsync("none", CancellationToken.None));
    }

    [Fact]
    public async Task Failed_job_says_why()
    {
        await using JobRunner jobs = await OpenAsync(new ScriptedJob((job, _) => job.Parameters is null
            ? throw new JobFailedException("registry", "log in first")
            : throw new InvalidOperationException("unforeseen")));

        JobRecord? foreseen = await EndAsync(jobs, null);
        JobRecord? broken = await EndAsync(jobs, Json("{}"));

        Assert.Equal((ExecutionStatus.Failed, new TaskError { Type = "registry", Message = "log in first" }), (foreseen!.Status, foreseen.Error));
        Assert.Equal(new TaskError { Type = TaskErrorTypes.RunnerFailed, Message = "InvalidOperationException: unforeseen" }, broken!.Error);
    }

    [Fact]
    public async Task Jobs_of_one_instant_are_listed_newest_first()
    {
        await using JobRunner jobs = await JobRunner.OpenAsync(
            _store, [Waiting()], new JobRunnerOptions(), new FakeTimeProvider(), NullLogger<JobRunner>.Instance, CancellationToken.None);
        List<string> started = [];
        for (int n = 0; n < 10; n++)
        {
            started.Insert(0, (await jobs.StartAsync(Type, Json($$"""{"a": {{n}}}"""), CancellationToken.None)).JobId);
        }

        Assert.Equal(started, (await jobs.ListAsync(10, CancellationToken.None)).Select(job => job.JobId));
        _may.SetResult();
    }

    [Fact]
    public async Task No_more_run_at_once_than_may()
    {
        int running = 0, most = 0;
        ScriptedJob type = new(async (_, stop) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            _began.Release();
            await _may.Task.WaitAsync(stop);
            Interlocked.Decrement(ref running);
        });
        await using JobRunner jobs = await OpenAsync(type, new JobRunnerOptions { MaxRunning = 3 });
        JobRecord[] asked = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => jobs.StartAsync(Type, Json($$"""{"a": {{n}}}"""), CancellationToken.None)));
        for (int i = 0; i < 3; i++)
        {
            await _began.WaitAsync(TimeLimit);
        }

        _may.SetResult();
        await Task.WhenAll(asked.Select(job => jobs.WaitAsync(job.JobId, TimeLimit, CancellationToken.None)));

        Assert.Equal((10, 3), (type.Runs, most));
    }

    [Fact]
    public async Task What_a_stopped_or_killed_server_left_is_failed_and_said_so()
    {
        JobRecord killed = new() { JobId = "killed", Type = Type, Status = ExecutionStatus.Running, CreatedAt = DateTimeOffset.UtcNow };
        await _store.SaveJobAsync(killed, CancellationToken.None);
        JobRunner jobs = await OpenAsync(Waiting());
        JobRecord stopped = await jobs.StartAsync(Type, null, CancellationToken.None);
        await _began.WaitAsync(TimeLimit);

        await jobs.DisposeAsync();

        foreach (string jobId in new[] { "killed", stopped.JobId })
        {
            JobRecord? job = await _store.GetJobAsync(jobId, CancellationToken.None);
            Assert.Equal((ExecutionStatus.Failed, "the server was stopped while it ran; start it again"), (job!.Status, job.Error?.Message));
        }

        await Assert.ThrowsAsync<ServiceStoppingException>(() => jobs.StartAsync(Type, null, CancellationToken.None));
    }

    [Fact]
    public async Task Wait_ends_with_nothing_when_time_is_up_or_there_is_no_such_job()
    {
        await using JobRunner jobs = await OpenAsync(Waiting());
        JobRecord asked = await jobs.StartAsync(Type, null, CancellationToken.None);

        Assert.Null(await jobs.WaitAsync(asked.JobId, TimeSpan.Zero, CancellationToken.None));
        Assert.Null(await jobs.WaitAsync("none", TimeLimit, CancellationToken.None));
        Assert.Null(await jobs.GetAsync("none", CancellationToken.None));
        Assert.Null(await jobs.GetLogAsync("none", CancellationToken.None));
    }

    [Fact]
    public async Task Log_that_comes_too_fast_is_cut_with_a_mark()
    {
        await using JobRunner jobs = await OpenAsync(Waiting(job =>
        {
            for (int i = 0; i < 300; i++)
            {
                job.Log(new string('x', 10_000));
            }
        }), new JobRunnerOptions { SaveInterval = TimeSpan.FromHours(1) });
        JobRecord asked = await jobs.StartAsync(Type, null, CancellationToken.None);
        await _began.WaitAsync(TimeLimit);

        string? log = await jobs.GetLogAsync(asked.JobId, CancellationToken.None);

        Assert.Contains("[log lines were left out here", log, StringComparison.Ordinal);
        Assert.True(log!.Length < 3_000_000);
    }

    /// <summary>A job that does something, says that it has, and waits until it may end.</summary>
    private ScriptedJob Waiting(Action<JobContext>? first = null) => new(async (job, stop) =>
    {
        first?.Invoke(job);
        _began.Release();
        await _may.Task.WaitAsync(stop);
    });

    private Task<JobRunner> OpenAsync(IJobType type, JobRunnerOptions? options = null) =>
        JobRunner.OpenAsync(_store, [type], options ?? new JobRunnerOptions(), TimeProvider.System, NullLogger<JobRunner>.Instance, CancellationToken.None);

    private static async Task<JobRecord?> EndAsync(JobRunner jobs, JsonElement? parameters)
    {
        JobRecord job = await jobs.StartAsync(Type, parameters, CancellationToken.None);
        return await jobs.WaitAsync(job.JobId, TimeLimit, CancellationToken.None);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (int seen = target; value > seen; seen = target)
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private static bool Same(JobRecord? one, JobRecord? other) => (one! with { Params = null }) == (other! with { Params = null });

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
