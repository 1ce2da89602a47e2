using System.Text.Json;
using Executor.Configuration;
using Executor.Engine;
using Executor.Execution;
using Executor.Executors;
using Executor.Limits;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>What comes over HTTP is what the engine tells within its process.</summary>
public sealed class HttpTasksTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTaskStore _store;
    private ServedEngine _served = null!;

    public HttpTasksTests() => _store = new InMemoryTaskStore(_time);

    private ExecutionEngine Engine => _served.Engine;

    private ITaskService Tasks => _served.Http.Tasks;

    public async ValueTask InitializeAsync() => _served = await ServedEngine.StartAsync(_store, time: _time, server: new ServerOptions { MaxBodyMb = 1 });

    public async ValueTask DisposeAsync()
    {
        await _served.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Task_and_its_result_are_whole()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine, capabilities: ["big"]);
        TaskSpec spec = new()
        {
            TaskId = "t",
            Name = "née",
            Language = "python",
            Code = "print('\u2028')",
            Params = null,
            Capabilities = ["big"],
            Resources = new ResourceRequest { Cpus = 0.5, MemoryMb = 10 },
            Priority = 3,
            QueueTimeout = TimeSpan.FromHours(1),
            Timeout = TimeSpan.FromSeconds(1.5),
            Retry = new RetryPolicy { MaxAttempts = 2, Backoff = TimeSpan.FromSeconds(1) },
            Files = new Dictionary<string, TaskFile> { ["a/b.bin"] = TaskFile.FromBytes([0, 255]) },
            Details = JsonSerializer.SerializeToElement(new { deep = new[] { 1.5 } }),
        };
        await Tasks.SubmitAsync([spec], None);
        await executor.FailAsync(await executor.NextAsync());
        await AssertSameAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        TaskAssignment again = await executor.NextAsync();
        await AssertSameAsync();

        await executor.CompleteAsync(again, "out");

        TaskResult? result = await Tasks.WaitAsync("t", TimeSpan.FromSeconds(20), None);
        Assert.Equal(Json(await Engine.GetResultAsync("t", None)), Json(result));
        await AssertSameAsync();

        async Task AssertSameAsync()
        {
            StoredTask there = (await Engine.GetAsync("t", None))!;
            TaskRecord record = ToTheMillisecond(there.Record);
            Assert.Equal(Json(there with { Record = record }), Json(await Tasks.GetAsync("t", None)));
            Assert.Equal(Json(record), Json(Assert.Single((await Tasks.ListAsync(TaskFilter.All, 10, null, None)).Tasks)));
        }

        // The wait before a repetition has chance in it.
        static TaskRecord ToTheMillisecond(TaskRecord record) => record with { State = record.State with { NotBefore = StoredTime.Truncate(record.State.NotBefore) } };
    }

    [Fact]
    public async Task List_is_as_long_as_asked_for_and_goes_on_after_its_last()
    {
        await Tasks.SubmitAsync([.. Enumerable.Range(0, 2_100).Select(i => new TaskSpec { TaskId = $"t{i}", Code = "" })], None);

        TaskPage first = await Tasks.ListAsync(TaskFilter.All, 2_050, null, None);
        TaskPage second = await Tasks.ListAsync(TaskFilter.All, 10_000, first.Next, None);

        Assert.Equal((2_050, 50), (first.Tasks.Count, second.Tasks.Count));
        Assert.Equal(2_100, first.Tasks.Concat(second.Tasks).Select(task => task.TaskId).Distinct().Count());
        Assert.Null(second.Next);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Tasks.ListAsync(TaskFilter.All, 0, null, None));
    }

    [Fact]
    public async Task Every_filter_leaves_what_it_leaves_in_the_engine()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine, "e&f");
        await Tasks.SubmitAsync([new TaskSpec { TaskId = "runs", Name = "a+b", Code = "", Language = "python" }], None);
        await executor.NextAsync();
        await Tasks.SubmitAsync([new TaskSpec { TaskId = "waits", Code = "", Executor = "other", Language = "node" }], None);
        DateTimeOffset submitted = (await Tasks.GetAsync("waits", None))!.Record.SubmittedAt;

        await AssertSameAsync(["runs"], new TaskFilter { Status = ExecutionStatus.Running });
        await AssertSameAsync(["runs"], new TaskFilter { ExecutorId = "e&f" });
        await AssertSameAsync(["runs"], new TaskFilter { Name = "a+b" });
        await AssertSameAsync(["runs"], new TaskFilter { Runtime = "python" });
        await AssertSameAsync(["waits"], new TaskFilter { CodeExecutor = "other" });
        await AssertSameAsync([], new TaskFilter { Since = submitted.AddTicks(1) });
        await AssertSameAsync(["waits", "runs"], new TaskFilter { Since = DateTimeOffset.MinValue });

        async Task AssertSameAsync(string[] ids, TaskFilter filter)
        {
            Assert.Equal(ids, (await Engine.ListAsync(filter, 10, null, None)).Tasks.Select(task => task.TaskId));
            Assert.Equal(ids, (await Tasks.ListAsync(filter, 10, null, None)).Tasks.Select(task => task.TaskId));
        }
    }

    [Fact]
    public async Task Conflict_says_where_the_other_task_is()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine);
        await Tasks.SubmitAsync([new TaskSpec { TaskId = "t", Code = "1" }], None);
        await executor.NextAsync();

        TaskReceipt one = (await Tasks.SubmitAsync([new TaskSpec { TaskId = "t", Code = "2" }], None))[0];
        TaskReceipt ofMany = (await Tasks.SubmitAsync([new TaskSpec { TaskId = "t", Code = "2" }, new TaskSpec { Code = "" }], None))[0];

        TaskReceipt expected = new("t", ExecutionStatus.Running, SubmitStatus.Conflict);
        Assert.Equal((expected, expected), (one, ofMany));
    }

    [Fact]
    public async Task Faults_that_only_json_has_are_named_as_all_others()
    {
        TaskSpec wrong = new() { Code = "", Resources = new ResourceRequest { Cpus = double.NaN } };

        InvalidInputException session = await Assert.ThrowsAsync<InvalidInputException>(
            () => _served.Http.Sessions.OpenAsync(new SessionSpec { Limits = new TaskLimits { CpuTime = double.NaN } }, None));
        InvalidTaskException one = await Assert.ThrowsAsync<InvalidTaskException>(() => Tasks.SubmitAsync([wrong], None));
        InvalidTaskException ofMany = await Assert.ThrowsAsync<InvalidTaskException>(() => Tasks.SubmitAsync([new TaskSpec { Code = "" }, wrong], None));

        Assert.Equal("limits.cpu_time", Assert.Single(session.Faults).Field);
        Assert.Equal(("resources.cpus", "tasks[1].resources.cpus"), (Assert.Single(one.Faults).Field, Assert.Single(ofMany.Faults).Field));
    }

    [Fact]
    public async Task More_than_a_request_may_bring_is_refused_and_nothing_is_taken()
    {
        TaskSpec large = new() { TaskId = "large", Code = new string('x', 2 << 20) };

        HttpServiceException tooLarge = await Assert.ThrowsAsync<HttpServiceException>(() => Tasks.SubmitAsync([large], None));
        InvalidTaskException tooMany = await Assert.ThrowsAsync<InvalidTaskException>(
            () => Tasks.SubmitAsync([.. Enumerable.Range(0, 10_001).Select(i => new TaskSpec { TaskId = $"{i}", Code = "" })], None));

        Assert.Equal(HttpFaultKind.TooLarge, tooLarge.Kind);
        Assert.Equal("tasks", Assert.Single(tooMany.Faults).Field);
        Assert.Empty((await Tasks.ListAsync(TaskFilter.All, 10, null, None)).Tasks);
        Assert.Empty(await Tasks.SubmitAsync([], None));
    }

    [Fact]
    public async Task Metrics_are_whole()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine);
        await Tasks.SubmitAsync([new TaskSpec { TaskId = "t", Code = "", Language = "python" }], None);
        await executor.CompleteAsync(await executor.NextAsync());
        await Tasks.WaitAsync("t", TimeSpan.FromSeconds(20), None);

        ExecutionMetrics there = await Engine.GetMetricsAsync(None);
        ExecutionMetrics here = await Tasks.GetMetricsAsync(None);

        Assert.Equal((1L, 1L, 1, 1L, 1.0), (here.Submitted, here.Completed, here.Executors, here.Slots, here.SuccessRate));
        Assert.Equal(there.ExecutionTime, here.ExecutionTime);
        Assert.Equal(there.QueueTime, here.QueueTime);
        Assert.Equal(there.ByExecutor, here.ByExecutor);
        Assert.Equal(there.ByRuntime, here.ByRuntime);
        Assert.NotEmpty(here.ByExecutor);
        Assert.True(here.MemoryMb > 0);
    }

    [Fact]
    public async Task Executors_are_whole_and_one_that_leaves_when_it_is_drained_was_there()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine, capabilities: ["a", "b"]);

        Assert.Equal(Json(Still(await Engine.ListExecutorsAsync(None))), Json(Still(await _served.Http.Executors.ListExecutorsAsync(None))));
        Task<bool> draining = _served.Http.Executors.DrainExecutorAsync("one", None);
        await executor.Drained;
        await executor.Connection.SendAsync(new LeaveMessage(), None);

        Assert.True(await draining);

        // What is left out, as it is told.
        static IEnumerable<ExecutorInfo> Still(IEnumerable<ExecutorInfo> executors) => executors.Select(executor => executor with
        {
            Registration = executor.Registration with { Runners = executor.Registration.Runners ?? [RunnerKind.Localhost], CodeExecutors = executor.Registration.CodeExecutors ?? [] },
        });
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}
