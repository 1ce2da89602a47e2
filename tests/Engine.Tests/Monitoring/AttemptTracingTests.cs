using System.Collections.Concurrent;
using System.Diagnostics;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

public sealed class AttemptTracingTests
{
    private readonly ConcurrentBag<Activity> _spans = [];
    private readonly string _taskId = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Attempt_is_a_span_with_what_came_of_it()
    {
        using ActivityListener listener = Listen();

        await RunAsync(task => Task.FromResult(Result(task) with { Status = ExecutionStatus.Completed, RuntimeId = "python", ExitCode = 0 }));

        Activity span = Span();
        Assert.Equal("run python", span.OperationName);
        Assert.Equal(2, span.GetTagItem("executor.task.attempt"));
        Assert.Equal("worker-1", span.GetTagItem("executor.id"));
        Assert.Equal("COMPLETED", span.GetTagItem("executor.task.status"));
        Assert.Equal(0, span.GetTagItem("process.exit.code"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task Failed_attempt_is_a_span_in_error()
    {
        using ActivityListener listener = Listen();

        await RunAsync(task => Task.FromResult(Result(task) with { Error = new TaskError { Type = "ValueError", Message = "no" } }));

        Assert.Equal(ActivityStatusCode.Error, Span().Status);
        Assert.Equal("no", Span().StatusDescription);
        Assert.Equal("ValueError", Span().GetTagItem("error.type"));
    }

    [Fact]
    public async Task Failure_of_the_runner_is_a_span_in_error_and_goes_on()
    {
        using ActivityListener listener = Listen();

        await Assert.ThrowsAsync<RunnerException>(() => RunAsync(_ => throw new RunnerException(TaskErrorTypes.AgentLost, "gone")));

        Assert.Equal(TaskErrorTypes.AgentLost, Span().GetTagItem("error.type"));
    }

    private Activity Span() => Assert.Single(_spans, span => Equals(span.GetTagItem("executor.task.id"), _taskId));

    private ActivityListener Listen()
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == AttemptTracing.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private Task<TaskResult> RunAsync(Func<TaskSpec, Task<TaskResult>> run)
    {
        AttemptHandler traced = AttemptTracing.Around((assignment, _, _) => run(assignment.Spec), "worker-1");
        TaskSpec task = new() { TaskId = _taskId, Language = "python", Code = "pass" };
        return traced(new TaskAssignment(task, 2, []), (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
    }

    private static TaskResult Result(TaskSpec task) => new() { TaskId = task.TaskId!, Status = ExecutionStatus.Failed };
}
