using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>An executor of the engine's own process.</summary>
public sealed class TaskWorkerTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Output_and_result_of_what_it_runs_are_kept()
    {
        await using Setup setup = await Setup.StartAsync(async (assignment, live, stop) =>
        {
            await live(OutputStream.Stdout, "hello"u8.ToArray(), stop);
            return Result(assignment, ExecutionStatus.Completed) with { Stdout = "hello" };
        });

        TaskResult result = await setup.RunAsync();

        Assert.Equal((ExecutionStatus.Completed, "hello", "local"), (result.Status, result.Stdout, result.ExecutorId));
    }

    [Fact]
    public async Task Cancelled_task_s_token_is_cancelled()
    {
        TaskCompletionSource started = new();
        await using Setup setup = await Setup.StartAsync(async (assignment, _, stop) =>
        {
            started.SetResult();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, stop));
            return Result(assignment, ExecutionStatus.Cancelled);
        });
        string id = await setup.SubmitAsync();
        await started.Task.WaitAsync(Soon);

        await setup.Engine.CancelAsync(id, CancellationToken.None);

        Assert.Equal(ExecutionStatus.Cancelled, (await setup.EndOfAsync(id)).Status);
    }

    [Fact]
    public async Task What_is_thrown_is_our_own_failure_and_repeated()
    {
        int calls = 0;
        await using Setup setup = await Setup.StartAsync((assignment, _, _) => Interlocked.Increment(ref calls) == 1
            ? throw new RunnerException(TaskErrorTypes.SandboxUnavailable, "not now")
            : Task.FromResult(Result(assignment, ExecutionStatus.Completed)));

        TaskResult result = await setup.RunAsync();

        Assert.Equal((ExecutionStatus.Completed, 2), (result.Status, result.Attempt));
    }

    [Fact]
    public async Task Drained_worker_says_when_nothing_runs_any_more()
    {
        TaskCompletionSource go = new();
        await using Setup setup = await Setup.StartAsync(async (assignment, _, _) =>
        {
            await go.Task;
            return Result(assignment, ExecutionStatus.Completed);
        });
        string id = await setup.SubmitAsync();
        await Poll.UntilAsync("it runs", () => setup.Worker.Running.Count == 1, Soon);

        await setup.Engine.DrainExecutorAsync("local", CancellationToken.None);
        Assert.False(setup.Worker.Drained.IsCompleted);
        go.SetResult();

        await setup.Worker.Drained.WaitAsync(Soon);
        Assert.Equal(ExecutionStatus.Completed, (await setup.EndOfAsync(id)).Status);
    }

    [Fact]
    public async Task What_the_end_of_the_engine_breaks_off_runs_again_after_the_next_start()
    {
        await using InMemoryTaskStore store = new(TimeProvider.System);
        TaskCompletionSource started = new();
        string id;
        await using (Setup setup = await Setup.StartAsync(
            async (assignment, _, stop) =>
            {
                started.TrySetResult();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Timeout.Infinite, stop));
                return Result(assignment, ExecutionStatus.Cancelled);
            },
            store))
        {
            id = await setup.SubmitAsync();
            await started.Task.WaitAsync(Soon);
        }

        await using Setup next = await Setup.StartAsync(
            (assignment, _, _) => Task.FromResult(Result(assignment, ExecutionStatus.Completed)), store);

        Assert.Equal(ExecutionStatus.Completed, (await next.EndOfAsync(id)).Status);
    }

    [Fact]
    public async Task Executor_of_another_process_can_not_take_the_place_of_the_server_s_own()
    {
        await using Setup setup = await Setup.StartAsync((assignment, _, _) => Task.FromResult(Result(assignment, ExecutionStatus.Completed)));

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => FakeExecutor.JoinAsync(setup.Engine, "local"));

        Assert.Equal("executor_id", Assert.Single(refused.Faults).Field);
        Assert.Equal("local", (await setup.RunAsync()).ExecutorId);
    }

    private static TaskResult Result(TaskAssignment assignment, ExecutionStatus status) =>
        new() { TaskId = assignment.Spec.TaskId!, Attempt = assignment.Attempt, Status = status };

    private sealed class Setup : IAsyncDisposable
    {
        private readonly EngineHost _host;

        private Setup(EngineHost host, TaskWorker worker) => (_host, Worker) = (host, worker);

        public ExecutionEngine Engine => _host.Engine;

        public TaskWorker Worker { get; }

        public static async Task<Setup> StartAsync(AttemptHandler run, ITaskStore? store = null)
        {
            TaskWorker worker = new(run);
            EngineHost host = await EngineHost.StartAsync(store ?? new InMemoryTaskStore(TimeProvider.System), new EngineOptions(), TimeProvider.System);
            await host.Engine.RegisterLocalAsync(new ExecutorRegistration { ExecutorId = "local", Host = "here", MaxTasks = 2 }, worker);
            return new Setup(host, worker);
        }

        public async Task<string> SubmitAsync() =>
            (await Engine.SubmitAsync([new TaskSpec { Code = "x", Language = "python" }], CancellationToken.None))[0].TaskId;

        public async Task<TaskResult> EndOfAsync(string id)
        {
            TaskResult? result = await Engine.WaitAsync(id, Soon, CancellationToken.None);
            Assert.NotNull(result);
            return result;
        }

        public async Task<TaskResult> RunAsync() => await EndOfAsync(await SubmitAsync());

        public async ValueTask DisposeAsync()
        {
            await _host.DisposeAsync();
            await Worker.DisposeAsync();
        }
    }
}
