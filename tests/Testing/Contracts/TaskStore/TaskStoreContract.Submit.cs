using System.Text.Json;
using Executor.Limits;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    protected static TaskSpec FullSpec { get; } = new()
    {
        TaskId = "full",
        Name = "everything",
        Language = "python",
        Code = "print('ä 漢字 😀')\n",
        Callable = "main",
        Params = Json("""{"b": [1, 2.50, 1e3, null], "a": {"x": "\u0000 \ud83d\ude00"}}"""),
        Args = ["-v", ""],
        Stdin = "in\0put",
        Env = new Dictionary<string, string> { ["B"] = "2", ["A"] = "" },
        Files = new Dictionary<string, TaskFile> { ["data/in.csv"] = new() { Content = "AAE=", Encoding = TaskFileEncoding.Base64 } },
        Details = Json("[true]"),
        Runner = RunnerKind.Docker,
        Executor = "docker_python_default",
        Capabilities = ["gpu", "big"],
        Resources = new ResourceRequest { Cpus = 0.5, MemoryMb = 512, Gpus = 1 },
        UseSandbox = false,
        Timeout = TimeSpan.FromSeconds(12.5),
        Priority = -3,
        Limits = new TaskLimits { MemoryMb = 64, CpuTime = 1.5, Network = false },
        RuntimeEnv = new RuntimeEnv { Packages = ["pandas"], EnvVars = new Dictionary<string, string> { ["X"] = "y" } },
        Retry = new RetryPolicy { MaxAttempts = 3, Backoff = TimeSpan.FromSeconds(2) },
        DependsOn = ["one", "two"],
        Cache = new CacheOptions { Ttl = TimeSpan.FromMinutes(5) },
        Artifacts = ["out/*.png"],
        CallbackUrl = "http://localhost/called",
    };

    protected static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    /// <summary>All of a record that has lists and JSON in it, for comparing.</summary>
    protected static string Text(TaskSpec spec) => JsonSerializer.Serialize(spec, StoredJson.Context.TaskSpec);

    protected static string Text(TaskResult result) => JsonSerializer.Serialize(result, StoredJson.Context.TaskResult);

    [Fact]
    public async Task Submitted_task_is_pending_with_everything_it_said()
    {
        DateTimeOffset now = Time.GetUtcNow();
        SubmitOutcome outcome = await Store.SubmitAsync(new TaskSubmission(FullSpec, now.AddTicks(7)), None);

        StoredTask task = (await Store.GetAsync("full", None))!;
        Assert.Equal((SubmitStatus.Stored, task.Record.State), (outcome.Status, outcome.State));
        Assert.Equal(Text(FullSpec), Text(task.Spec));
        TaskRecord record = task.Record;
        Assert.Equal(new TaskState { Status = ExecutionStatus.Pending, Attempt = 1, Runtime = "python" }, record.State);
        Assert.Equal(
            ("full", "everything", RunnerKind.Docker, "docker_python_default", -3, now),
            (record.TaskId, record.Name, record.Runner, record.CodeExecutor, record.Priority, record.SubmittedAt));
        Assert.Equal(["gpu", "big"], record.Capabilities);
        Assert.Equal(["one", "two"], record.DependsOn);
        Assert.Equal(FullSpec.Resources, record.Resources);
    }

    [Fact]
    public async Task Task_without_options_has_none_in_its_record()
    {
        await SubmitAsync("plain");

        TaskRecord record = (await Store.GetAsync("plain", None))!.Record;
        Assert.Null(record.Name);
        Assert.Null(record.Runner);
        Assert.Null(record.CodeExecutor);
        Assert.Null(record.Resources);
        Assert.Empty(record.Capabilities);
        Assert.Empty(record.DependsOn);
    }

    [Fact]
    public async Task Repeated_submit_is_the_same_task()
    {
        await SubmitAsync(FullSpec);
        await Store.RequeueAsync(new TaskRequeue("full", 1), None);

        SubmitOutcome again = await SubmitAsync(FullSpec with
        {
            Params = Json("""{"a":{"x":"\u0000 😀"},"b":[1,2.50,1e3,null]}"""),
            Env = new Dictionary<string, string> { ["A"] = "", ["B"] = "2" },
        });

        Assert.Equal((SubmitStatus.Existing, 2), (again.Status, again.State.Attempt));
        Assert.Equal(["full"], await OpenIdsAsync());
    }

    [Fact]
    public async Task Other_spec_under_the_same_id_is_a_conflict_and_changes_nothing()
    {
        await SubmitAsync("t");

        SubmitOutcome other = await SubmitAsync(Spec("t") with { Code = "print(2)" });

        Assert.Equal(SubmitStatus.Conflict, other.Status);
        Assert.Equal("print(1)", (await Store.GetAsync("t", None))!.Spec.Code);
    }

    [Fact]
    public async Task Batch_answers_each_task_in_order()
    {
        await SubmitAsync("b");

        TaskSpec[] specs = [Spec("a"), Spec("b"), Spec("b") with { Priority = 1 }, Spec("c"), Spec("c"), Spec("c") with { Code = "x" }];
        IReadOnlyList<SubmitOutcome> outcomes = await Store.SubmitAsync([.. specs.Select(spec => new TaskSubmission(spec, Time.GetUtcNow()))], None);

        Assert.Equal(
            [SubmitStatus.Stored, SubmitStatus.Existing, SubmitStatus.Conflict, SubmitStatus.Stored, SubmitStatus.Existing, SubmitStatus.Conflict],
            outcomes.Select(outcome => outcome.Status));
        Assert.Empty(await Store.SubmitAsync([], None));
    }

    [Fact]
    public async Task Large_batch_is_stored_whole_and_in_order()
    {
        await SubmitManyAsync(3_210, i => Spec(Number(i)));

        Assert.Equal(Enumerable.Range(0, 3_210).Select(Number), await OpenIdsAsync());
    }

    [Fact]
    public async Task Batch_with_a_task_without_an_id_is_refused_whole()
    {
        TaskSubmission[] tasks = [new(Spec("a"), Time.GetUtcNow()), new(Spec("a") with { TaskId = null }, Time.GetUtcNow())];

        await Assert.ThrowsAsync<ArgumentNullException>(() => Store.SubmitAsync(tasks, None));
        Assert.Null(await Store.GetAsync("a", None));
    }

    [Fact]
    public async Task Racing_submits_of_one_id_store_one_task()
    {
        SubmitOutcome[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => SubmitAsync(Spec("t") with { Priority = i % 2 }))));

        Assert.Single(outcomes, outcome => outcome.Status == SubmitStatus.Stored);
        Assert.Equal(20, outcomes.Count(outcome => outcome.Status == SubmitStatus.Conflict));
        Assert.Single(await OpenIdsAsync());
    }

    [Fact]
    public async Task Unknown_task_is_not_there()
    {
        Assert.Null(await Store.GetAsync("none", None));
        Assert.Null(await Store.GetAsync("no\0ne", None));
        Assert.Null(await Store.GetResultAsync("none", None));
        Assert.Empty(await Store.GetSpecsAsync(["none"], None));
    }
}
