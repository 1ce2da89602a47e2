using System.Text.Json;
using Executor.Engine.Jobs;
using Executor.Executors;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Runners.Docker.Tests.Images;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Docker.Tests;

/// <summary>The job that pulls images, from a registry of the test's own.</summary>
public sealed class ImageDownloadTests(EngineFixture engine) : DockerTest(engine)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Download_logs_its_layers_and_completes()
    {
        await using LoopbackRegistry registry = new(holdsBack: false);
        await using JobRunner jobs = await JobsAsync(registry.Image);

        JobRecord job = await StartAsync(jobs);
        JobRecord ended = (await jobs.WaitAsync(job.JobId, Soon, CancellationToken.None))!;

        Assert.Equal((ExecutionStatus.Completed, 1d), (ended.Status, ended.Progress));
        string log = (await jobs.GetLogAsync(job.JobId, CancellationToken.None))!;
        Assert.Contains(": Downloading (", log, StringComparison.Ordinal);
        Assert.Equal(2, log.Split(": Pull complete").Length - 1);
        Assert.NotNull((await Docker.Backend.FindImageAsync(Executor(registry.Image), CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Progress_of_each_layer_is_told_in_bytes()
    {
        await using LoopbackRegistry registry = new(holdsBack: false);
        List<PullProgress> steps = [];

        await Docker.Backend.PullAsync(registry.Image, steps.Add, CancellationToken.None);

        Assert.Equal(2, steps.Where(step => step.Layer is not null).Select(step => step.Layer).Distinct().Count());
        Assert.Contains(steps, step => step is { Status: "Downloading", TotalBytes: > 6_000_000, CurrentBytes: > 0, Fraction: > 0 and < 1 });
        Assert.Equal(1, steps[^1].Fraction, 3);
    }

    [Fact]
    public async Task Download_is_shared_by_all_who_ask_and_by_the_tasks_that_wait()
    {
        await using LoopbackRegistry registry = new(holdsBack: true);
        await using JobRunner jobs = await JobsAsync(registry.Image);

        JobRecord first = await StartAsync(jobs);
        await registry.Reached.WaitAsync(Soon);
        JobRecord second = await StartAsync(jobs);
        Task<TaskResult> waiting = Docker.RunAsync(Command("/no-such-program"), Executor(registry.Image));
        registry.LetGo();

        Assert.Equal(first.JobId, second.JobId);
        Assert.Equal(TaskErrorTypes.StartFailed, (await waiting.WaitAsync(Soon)).Error!.Type);
        Assert.Equal(ExecutionStatus.Completed, (await jobs.WaitAsync(first.JobId, Soon, CancellationToken.None))!.Status);
        Assert.Equal(1, registry.Downloads);
    }

    [Fact]
    public async Task Cancelled_download_stops_and_leaves_no_image()
    {
        await using LoopbackRegistry registry = new(holdsBack: true);
        await using JobRunner jobs = await JobsAsync(registry.Image);

        JobRecord job = await StartAsync(jobs);
        await registry.Reached.WaitAsync(Soon);
        await jobs.CancelAsync(job.JobId, CancellationToken.None);
        JobRecord ended = (await jobs.WaitAsync(job.JobId, Soon, CancellationToken.None))!;

        Assert.Equal(ExecutionStatus.Cancelled, ended.Status);
        registry.LetGo();
        Assert.Null((await Docker.Backend.FindImageAsync(Executor(registry.Image), CancellationToken.None)).Id);
    }

    [Fact]
    public async Task Cancelled_task_leaves_the_download_to_the_job()
    {
        await using LoopbackRegistry registry = new(holdsBack: true);
        await using JobRunner jobs = await JobsAsync(registry.Image);
        using var cancel = new CancellationTokenSource();

        JobRecord job = await StartAsync(jobs);
        await registry.Reached.WaitAsync(Soon);
        Task<TaskResult> waiting = Docker.RunAsync(Command("/bin/true"), Executor(registry.Image), cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(ExecutionStatus.Cancelled, (await waiting.WaitAsync(Soon)).Status);
        registry.LetGo();

        Assert.Equal(ExecutionStatus.Completed, (await jobs.WaitAsync(job.JobId, Soon, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Download_that_fails_says_why()
    {
        await using JobRunner jobs = await JobsAsync("127.0.0.1:9/no/such:image");

        JobRecord job = await StartAsync(jobs);
        JobRecord ended = (await jobs.WaitAsync(job.JobId, Soon, CancellationToken.None))!;

        Assert.Equal((ExecutionStatus.Failed, TaskErrorTypes.ImageUnavailable), (ended.Status, ended.Error!.Type));
        Assert.Contains("connection refused", ended.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("""{"code_executor": 1}""", "must be text")]
    [InlineData("""{"code_executor": "other"}""", "Docker code executors: net")]
    [InlineData("""{"code_executor": "net", "image": "x"}""", "is not known")]
    public void Parameters_that_can_not_be_used_are_named(string? parameters, string message)
    {
        var type = new ImageDownload([Executor("image")], () => null!);

        ValidationFault fault = Assert.Single(type.Validate(parameters is null ? null : JsonElement.Parse(parameters)));

        Assert.StartsWith("params.", fault.Field, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static DockerCodeExecutorOptions Executor(string image) => new() { Name = "net", Image = image };

    private static Task<JobRecord> StartAsync(JobRunner jobs) =>
        jobs.StartAsync(ImageDownload.TypeName, JsonElement.Parse("""{"code_executor": "net"}"""), CancellationToken.None);

    private Task<JobRunner> JobsAsync(string image) => JobRunner.OpenAsync(
        new InMemoryTaskStore(TimeProvider.System),
        [new ImageDownload([Executor(image)], () => Docker.Backend)],
        new JobRunnerOptions(),
        TimeProvider.System,
        NullLogger<JobRunner>.Instance,
        CancellationToken.None);
}
