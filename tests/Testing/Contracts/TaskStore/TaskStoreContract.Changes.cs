using Executor.Storage;
using Executor.Tasks;

namespace Executor.Testing;

public abstract partial class TaskStoreContract
{
    [Fact]
    public async Task Completed_task_is_ended_with_its_result()
    {
        await SubmitAsync("t");
        Time.Advance(TimeSpan.FromSeconds(5));
        TaskResult result = Completed("t");

        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(result));

        Assert.Equal(
            new TaskState
            {
                Status = ExecutionStatus.Completed,
                Attempt = 1,
                ExecutorId = "local-1",
                Runtime = "python",
                StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(result.StartTimeMs),
                EndedAt = Time.GetUtcNow(),
                ResultId = result.Id,
            },
            await StateAsync("t"));
        Assert.Equal(Text(result), Text((await Store.GetResultAsync("t", None))!));
        Assert.Empty(await OpenIdsAsync());
    }

    [Fact]
    public async Task Result_comes_back_with_everything_in_it()
    {
        await SubmitAsync("t");
        var result = new TaskResult
        {
            TaskId = "t",
            Status = ExecutionStatus.Failed,
            ExitCode = 137,
            Signal = "SIGKILL",
            Stdout = "out\0 \ud800 \ufdd0 😀\r\n",
            Stderr = "\udfff\0",
            OutputTruncated = true,
            Compile = new StageResult { ExitCode = 0, Stdout = "c\0", DurationSec = 0.5 },
            Result = Json("""{"half": "\ud800", "nul": "\u0000", "n": 1.0}"""),
            Error = new TaskError { Type = "ValueError", Message = "bad \0", Traceback = "line 1\nline 2" },
            TimedOut = true,
            OomKilled = true,
            StartTimeMs = 1,
            EndTimeMs = long.MaxValue,
            DurationSec = 0.1 + 0.2,
            CpuTimeSec = 1e-9,
            PeakMemoryMb = 12.5,
            ExecutorType = RunnerKind.Ssh,
            ExecutorId = "e\0",
            RuntimeId = "python",
            ConfigId = "ssh_default",
            Name = "näme",
            Hostname = "host",
            Cached = true,
            Artifacts = new Dictionary<string, TaskFile> { ["a/\ud800"] = new() { Content = "x\0" } },
            ArtifactsSkipped = ["link: is a link"],
            Details = Json("\"d\""),
        };

        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(result));

        TaskResult stored = (await Store.GetResultAsync("t", None))!;
        Assert.Equal(Text(result), Text(stored));
        Assert.Equal((result.Stdout, result.Stderr, result.ExecutorId), (stored.Stdout, stored.Stderr, stored.ExecutorId));
        Assert.Equal("a/\ud800", Assert.Single(stored.Artifacts!).Key);
    }

    [Fact]
    public async Task Stale_attempt_is_refused_and_changes_nothing()
    {
        await SubmitAsync("t");
        await Store.RequeueAsync(new TaskRequeue("t", 1), None);
        TaskState before = await StateAsync("t");

        Assert.Equal(WriteOutcome.Stale, await CompleteAsync(Completed("t", attempt: 1)));
        Assert.Equal(WriteOutcome.Stale, await CompleteAsync(Completed("t", attempt: 3)));
        Assert.Equal(WriteOutcome.Stale, await Store.RequeueAsync(new TaskRequeue("t", 1), None));

        Assert.Equal(before, await StateAsync("t"));
        Assert.Null(await Store.GetResultAsync("t", None));
    }

    [Fact]
    public async Task Ended_task_takes_no_further_change()
    {
        await SubmitAsync("t");
        TaskResult first = Completed("t");
        await CompleteAsync(first);
        TaskState ended = await StateAsync("t");

        Assert.Equal(WriteOutcome.Stale, await CompleteAsync(Completed("t")));
        Assert.Equal(WriteOutcome.Stale, await Store.RequeueAsync(new TaskRequeue("t", 1), None));
        Assert.Equal(WriteOutcome.Stale, await Store.CancelAsync(new TaskCompletion(Cancelled("t")), None));
        Assert.Equal(WriteOutcome.Stale, await Store.RequestCancelAsync("t", None));

        Assert.Equal(ended, await StateAsync("t"));
        Assert.Equal(first.Id, (await Store.GetResultAsync("t", None))!.Id);
    }

    [Fact]
    public async Task Same_result_again_is_recorded_once()
    {
        await SubmitAsync("t");
        TaskResult result = Completed("t");

        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(result));
        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(result));

        await SubmitAsync("c");
        TaskResult cancelled = Cancelled("c");
        Assert.Equal(WriteOutcome.Recorded, await Store.CancelAsync(new TaskCompletion(cancelled), None));
        Assert.Equal(WriteOutcome.Recorded, await Store.CancelAsync(new TaskCompletion(cancelled), None));
    }

    [Fact]
    public async Task Requeued_task_waits_with_the_next_attempt_and_its_counts()
    {
        await SubmitAsync("t");
        DateTimeOffset notBefore = Time.GetUtcNow().AddSeconds(3);

        Assert.Equal(
            WriteOutcome.Recorded,
            await Store.RequeueAsync(
                new TaskRequeue("t", 1) { NotBefore = notBefore, Failures = 1, InfrastructureRetries = 2, LossRetries = 3 }, None));

        Assert.Equal(
            new TaskState { Attempt = 2, Runtime = "python", NotBefore = notBefore, Failures = 1, InfrastructureRetries = 2, LossRetries = 3 },
            await StateAsync("t"));
        Assert.Equal(WriteOutcome.Recorded, await CompleteAsync(Completed("t", attempt: 2)));
        Assert.Equal(2, (await Store.GetResultAsync("t", None))!.Attempt);
    }

    [Fact]
    public async Task Cancel_ends_the_task_whatever_its_attempt_is()
    {
        await SubmitAsync("t");
        await Store.RequeueAsync(new TaskRequeue("t", 1), None);

        Assert.Equal(WriteOutcome.Recorded, await Store.CancelAsync(new TaskCompletion(Cancelled("t")), None));

        TaskResult result = (await Store.GetResultAsync("t", None))!;
        Assert.Equal((ExecutionStatus.Cancelled, 2), (result.Status, result.Attempt));
        Assert.Equal((ExecutionStatus.Cancelled, 2), ((await StateAsync("t")).Status, (await StateAsync("t")).Attempt));
    }

    [Fact]
    public async Task Cancel_request_is_kept_over_a_requeue()
    {
        await SubmitAsync("t");

        Assert.Equal(WriteOutcome.Recorded, await Store.RequestCancelAsync("t", None));
        Assert.Equal(WriteOutcome.Recorded, await Store.RequestCancelAsync("t", None));
        await Store.RequeueAsync(new TaskRequeue("t", 1), None);

        await foreach (TaskRecord task in Store.ReadOpenAsync(None))
        {
            Assert.Equal((true, 2), (task.State.CancelRequested, task.State.Attempt));
        }
    }

    [Fact]
    public async Task Change_of_an_unknown_task_says_so()
    {
        Assert.Equal(WriteOutcome.NotFound, await CompleteAsync(Completed("none")));
        Assert.Equal(WriteOutcome.NotFound, await Store.RequeueAsync(new TaskRequeue("none", 1), None));
        Assert.Equal(WriteOutcome.NotFound, await Store.CancelAsync(new TaskCompletion(Cancelled("none")), None));
        Assert.Equal(WriteOutcome.NotFound, await Store.RequestCancelAsync("none", None));
        Store.MarkRunning(new TaskStart("none", 1, "e", Time.GetUtcNow()));
    }

    [Fact]
    public async Task Result_that_is_not_final_is_refused()
    {
        await SubmitAsync("t");

        await Assert.ThrowsAsync<ArgumentException>(() => CompleteAsync(Completed("t") with { Status = ExecutionStatus.Running }));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.CancelAsync(new TaskCompletion(Completed("t") with { Status = ExecutionStatus.Pending }), None));
        Assert.Equal(ExecutionStatus.Pending, (await StateAsync("t")).Status);
    }
}
