using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Execution;
using Executor.Limits;
using Executor.Tasks;
using static Executor.Library.SimpleTasks;

namespace Executor.Library;

public sealed class ParallelExecutorTests
{
    private readonly ConcurrentQueue<string> _order = [];

    [Fact]
    public async Task Results_are_told_by_id_in_the_order_of_the_tasks()
    {
        await using ParallelExecutor executor = new();

        ParallelResults results = await executor.ExecuteAsync(
        [
            ParallelTask.Call("z", () => 1),
            ParallelTask.Call("a", (int n) => n * 2, new { n = 21 }),
            ParallelTask.Call("m", (_, _) => Task.FromResult<object?>("text")),
        ]);

        Assert.True(results.Success);
        Assert.Equal(["z", "a", "m"], results.ById.Keys);
        Assert.Equal("42", results["a"].Result.ToString());
        Assert.Equal("text", results["m"].Result.ToString());
        Assert.All(results.ById, pair => Assert.Equal(pair.Key, pair.Value.TaskId));
        Assert.Equal(["a", "m", "z"], results.EndOrder.Order());
    }

    [Fact]
    public async Task No_tasks_have_no_results()
    {
        await using ParallelExecutor executor = new();

        Assert.Empty((await executor.ExecuteAsync([])).ById);
    }

    [Fact]
    public async Task Sequential_tasks_run_one_at_a_time_parents_first_then_by_priority_then_as_they_came()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { Mode = ParallelMode.Sequential });
        int running = 0;

        ParallelResults results = await executor.ExecuteAsync(
        [
            Task("last", 0, "second"),
            Task("first", 5),
            Task("second", 2, "high"), // before the third, though it could not begin before its parent had ended
            Task("high", 3),
            Task("third", 1),
            Task("fourth", 1),
        ]);

        Assert.True(results.Success);
        Assert.Equal(["first", "high", "second", "third", "fourth", "last"], _order);
        Assert.Equal(_order, results.EndOrder);

        ParallelTask Task(string id, int priority = 0, params string[] parents) => new(
            new TaskSpec { TaskId = id, Priority = priority, DependsOn = parents },
            async (call, _) =>
            {
                Assert.Equal(1, Interlocked.Increment(ref running));
                _order.Enqueue(call.TaskId);
                await System.Threading.Tasks.Task.Yield();
                return Interlocked.Decrement(ref running);
            });
    }

    [Theory]
    [InlineData(3, null, 1, 3)] // workers bound tasks that take one each
    [InlineData(3, null, 0.25, 12)] // four for a worker, unless said otherwise
    [InlineData(8, 2, 1, 2)]
    [InlineData(1, 5, 0.1, 5)]
    public async Task As_many_tasks_run_at_once_as_may_and_never_more(int workers, int? concurrent, double cpus, int expected)
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = workers, MaxConcurrentTasks = concurrent });
        TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        int most = 0;

        ParallelResults results = await executor.ExecuteAsync(Enumerable.Range(0, 60).Select(i => new ParallelTask(
            new TaskSpec { TaskId = $"t{i}", Resources = new ResourceRequest { Cpus = cpus } },
            async (_, _) =>
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                if (now == expected)
                {
                    full.TrySetResult();
                }

                await full.Task;
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return null;
            })));

        Assert.True(results.Success);
        Assert.Equal(expected, most);
    }

    [Fact]
    public async Task Functions_that_hold_their_threads_run_at_once()
    {
        const int tasks = 12;
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = tasks });
        using Barrier together = new(tasks);

        ParallelResults results = await executor.ExecuteAsync(
            Enumerable.Range(0, tasks).Select(i => ParallelTask.Call($"t{i}", (CancellationToken stop) => together.SignalAndWait(stop))));

        Assert.True(results.Success);
    }

    [Fact]
    public async Task Diamond_runs_in_order_with_its_independent_tasks_at_the_same_time()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = 2 });
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource right = new(TaskCreationOptions.RunContinuationsAsynchronously);

        ParallelResults results = await executor.ExecuteAsync(
        [
            ParallelTask.Call("bottom", Step((call, _) => Value(call.ValueOf<int>("left") * call.ValueOf<int>("right"))), ["left", "right"]),
            ParallelTask.Call("left", Step(async (call, stop) => await Meet(left, right, call, stop) + 1), ["top"]),
            ParallelTask.Call("right", Step(async (call, stop) => await Meet(right, left, call, stop) + 2), ["top"]),
            ParallelTask.Call("top", Step((_, _) => Value(5))),
        ]);

        Assert.True(results.Success);
        Assert.Equal(42, results["bottom"].Result!.Value.GetInt32());
        Assert.Equal("top", _order.First());
        Assert.Equal("bottom", _order.Last());
        Assert.Equal("top", results.EndOrder[0]);
        Assert.Equal("bottom", results.EndOrder[3]);

        static Task<object?> Value(int value) => Task.FromResult<object?>(value);

        static async Task<int> Meet(TaskCompletionSource mine, TaskCompletionSource other, ParallelCall call, CancellationToken stop)
        {
            mine.SetResult();
            await other.Task.WaitAsync(stop);
            return call.ValueOf<int>("top");
        }
    }

    [Fact]
    public async Task Failing_task_fails_its_descendants_and_nobody_else()
    {
        await using ParallelExecutor executor = new();

        ParallelResults results = await executor.ExecuteAsync(
        [
            ParallelTask.Call("bad", void () => throw new InvalidOperationException("no")),
            ParallelTask.Call("child", () => 1, dependsOn: ["bad"]),
            ParallelTask.Call("grandchild", () => 1, dependsOn: ["child", "good"]),
            ParallelTask.Call("good", () => 1),
            ParallelTask.Call("also-good", () => 1, dependsOn: ["good"]),
        ]);

        Assert.False(results.Success);
        Assert.Equal("no", results["bad"].Error!.Message);
        Assert.Equal(TaskErrorTypes.Dependency, results["child"].Error!.Type);
        Assert.Equal("Task 'bad', on which this task depends, ended FAILED.", results["child"].Error!.Message);
        Assert.Equal("Task 'child', on which this task depends, ended FAILED.", results["grandchild"].Error!.Message);
        Assert.True(results["good"].Success && results["also-good"].Success);
    }

    [Theory]
    [MemberData(nameof(InvalidWorkflows))]
    public async Task Tasks_that_can_not_be_ordered_are_refused_and_none_runs(ParallelTask[] tasks, string message)
    {
        await using ParallelExecutor executor = new();

        InvalidTaskException refused = await Assert.ThrowsAsync<InvalidTaskException>(() => executor.ExecuteAsync(tasks));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await executor.GetMetricsAsync()).Submitted);
    }

    public static TheoryData<ParallelTask[], string> InvalidWorkflows() => new()
    {
        { [Empty("a", "c"), Empty("b", "a"), Empty("c", "b"), Empty("d")], "a → c → b → a" },
        { [Empty("a", "a")], "a → a" },
        { [Empty("a"), Empty("b", "nobody")], "depends_on: of task 'b' names 'nobody', which does not exist" },
        { [Empty("a"), Empty("a")], "task_id: 'a' is submitted twice" },
    };

    [Fact]
    public async Task Every_fault_of_every_task_is_told_before_any_runs()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = 2, Capabilities = ["disk"] });

        InvalidTaskException refused = await Assert.ThrowsAsync<InvalidTaskException>(() => executor.ExecuteAsync(
        [
            new TaskSpec { TaskId = "code", Code = "print(1)" },
            Empty("good"),
            new ParallelTask(new TaskSpec { TaskId = "big", Resources = new ResourceRequest { Cpus = 3 } }, NothingAsync),
            new ParallelTask(new TaskSpec { TaskId = "gpu", Capabilities = ["gpu"] }, NothingAsync),
            new ParallelTask(new TaskSpec { TaskId = "late", Timeout = TimeSpan.FromSeconds(-1) }, NothingAsync),
        ]));

        Assert.Equal(
            ["tasks[0].code", "tasks[2].resources", "tasks[3].capabilities", "tasks[4].timeout"],
            refused.Faults.Select(fault => fault.Field));
        Assert.Contains("cpus 2 (MaxWorkers)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("there are capabilities: disk", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Function_can_not_be_sandboxed()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { Mode = ParallelMode.Sandboxed });

        await Assert.ThrowsAsync<InvalidTaskException>(() => executor.ExecuteAsync([Empty("a")]));
    }

    [Fact]
    public async Task Runner_gets_tasks_as_they_were_given_with_what_the_options_add()
    {
        List<TaskSpec> ran = [];
        ParallelExecutorOptions options = new()
        {
            Mode = ParallelMode.Sandboxed,
            Timeout = TimeSpan.FromSeconds(7),
            Limits = new TaskLimits { MemoryMb = 100, Pids = 3 },
        };
        await using ParallelExecutor executor = new(options, (assignment, _, _) =>
        {
            ran.Add(assignment.Spec);
            return Task.FromResult(new TaskResult { TaskId = assignment.Spec.TaskId!, Status = ExecutionStatus.Completed, Stdout = "out" });
        });

        ParallelResults results = await executor.ExecuteAsync(
            [new TaskSpec { TaskId = "mine", Code = "print(1)", UseSandbox = false, Limits = new TaskLimits { Pids = 9 } }]);

        Assert.Equal("out", results["mine"].Stdout);
        TaskSpec spec = Assert.Single(ran);
        Assert.Equal(("mine", "print(1)", true), (spec.TaskId, spec.Code, spec.UseSandbox));
        Assert.Equal(TimeSpan.FromSeconds(7), spec.Timeout);
        Assert.Equal((100, 9), (spec.Limits!.MemoryMb, spec.Limits.Pids));
    }

    [Fact]
    public async Task Registered_functions_are_run_by_their_entrypoints()
    {
        LocalExecutor local = new LocalExecutor().Register("add", (int a, int b) => a + b);
        await using ParallelExecutor executor = new(runner: local.RunAsync);

        ParallelResults results = await executor.ExecuteAsync(
            [new TaskSpec { TaskId = "sum", Entrypoint = "local:add", Params = JsonSerializer.SerializeToElement(new { a = 1, b = 2 }) }]);

        Assert.Equal("3", results["sum"].Result.ToString());
    }

    [Fact]
    public async Task Cancelling_ends_what_runs_and_what_waits_as_cancelled()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = 1 });
        using CancellationTokenSource cancel = new();

        ParallelResults results = await executor.ExecuteAsync(
            [
                ParallelTask.Call("before", () => 1),
                ParallelTask.Call("running", (CancellationToken stop) => CancelAndWaitAsync(stop), dependsOn: ["before"]),
                Empty("waiting", "before"),
                Empty("child", "running"),
                Empty("grandchild", "child", "waiting"),
            ],
            cancellationToken: cancel.Token);

        Assert.Equal(ExecutionStatus.Completed, results["before"].Status);
        Assert.All(new[] { "running", "waiting", "child", "grandchild" }, id => Assert.Equal(ExecutionStatus.Cancelled, results[id].Status));

        async Task CancelAndWaitAsync(CancellationToken stop)
        {
            Task cancelled = cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => cancelled, TaskScheduler.Default).Unwrap();
            stop.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Call_that_is_cancelled_before_it_begins_runs_nothing()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { Mode = ParallelMode.Sequential });

        ParallelResults results = await executor.ExecuteAsync([Waiting("a"), Waiting("b", "a")], cancellationToken: new CancellationToken(canceled: true));

        Assert.All(results.ById.Values, result => Assert.Equal(ExecutionStatus.Cancelled, result.Status));
    }

    [Fact]
    public async Task Task_that_reaches_its_timeout_fails_and_the_others_go_on()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { Timeout = TimeSpan.FromSeconds(60) });

        ParallelResults results = await executor.ExecuteAsync(
        [
            new ParallelTask(
                new TaskSpec { TaskId = "slow", Timeout = TimeSpan.FromMilliseconds(50) },
                async (_, stop) =>
                {
                    await Task.Delay(Timeout.Infinite, stop);
                    return null;
                }),
            Empty("quick"),
        ]);

        Assert.True(results["slow"].TimedOut);
        Assert.Equal(TaskErrorTypes.Timeout, results["slow"].Error!.Type);
        Assert.True(results["quick"].Success);
    }

    [Fact]
    public async Task Failed_task_is_repeated_as_its_policy_says()
    {
        await using ParallelExecutor executor = new();

        ParallelResults results = await executor.ExecuteAsync(
        [
            new ParallelTask(
                new TaskSpec { TaskId = "flaky", Retry = new RetryPolicy { MaxAttempts = 3, Backoff = TimeSpan.FromMilliseconds(1) } },
                (call, _) => call.Attempt < 3 ? throw new IOException("again") : Task.FromResult<object?>(call.Attempt)),
        ]);

        Assert.Equal("3", results["flaky"].Result.ToString());
        Assert.Equal(3, results["flaky"].Attempt);
        Assert.Equal(2, (await executor.GetMetricsAsync()).Repeated);
    }

    [Fact]
    public async Task Calls_at_the_same_time_may_use_the_same_ids()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = 4 });

        ParallelResults[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => executor.ExecuteAsync(
        [
            ParallelTask.Call("a", () => n),
            ParallelTask.Call("b", call => call.ValueOf<int>("a") * 10, ["a"]),
        ])));

        Assert.Equal(Enumerable.Range(0, 20).Select(n => n * 10), results.Select(result => result["b"].Result!.Value.GetInt32()));
    }

    [Fact]
    public async Task Thousands_of_tasks_each_have_their_own_result()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxWorkers = 16 });

        ParallelResults results = await executor.ExecuteAsync(
            Enumerable.Range(0, 5000).Select(i => ParallelTask.Call($"t{i}", (_, _) => Task.FromResult<object?>(i), i >= 100 ? [$"t{i - 100}"] : null)));

        Assert.Equal(Enumerable.Range(0, 5000), results.ById.Values.Select(result => result.Result!.Value.GetInt32()));
        ExecutionMetrics metrics = await executor.GetMetricsAsync();
        Assert.Equal((5000, 5000, 1.0), (metrics.Submitted, metrics.Completed, metrics.SuccessRate));
        Assert.Equal(5000, metrics.ByRuntime["dotnet"].Completed);
    }

    [Fact]
    public async Task More_tasks_than_may_wait_are_refused()
    {
        await using ParallelExecutor executor = new(new ParallelExecutorOptions { MaxQueue = 3 });

        await Assert.ThrowsAsync<QueueFullException>(() => executor.ExecuteAsync([Empty("a"), Empty("b"), Empty("c"), Empty("d")]));
        Assert.True((await executor.ExecuteAsync([Empty("a"), Empty("b"), Empty("c")])).Success);
    }

    [Fact]
    public async Task Disposing_cancels_what_runs_and_nothing_is_taken_after_it()
    {
        ParallelExecutor executor = new();
        TaskCompletionSource running = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ParallelResults> call = executor.ExecuteAsync([ParallelTask.Call("a", (CancellationToken stop) =>
        {
            running.SetResult();
            return Task.Delay(Timeout.Infinite, stop);
        })]);
        await running.Task;

        await executor.DisposeAsync();

        Assert.Equal(ExecutionStatus.Cancelled, (await call)["a"].Status);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => executor.ExecuteAsync([Empty("b")]));
        await executor.DisposeAsync();
    }

    private ParallelFunction Step(ParallelFunction function) => (call, stop) =>
    {
        _order.Enqueue(call.TaskId);
        return function(call, stop);
    };

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (value > seen)
        {
            int found = Interlocked.CompareExchange(ref most, value, seen);
            seen = found == seen ? value : found;
        }
    }
}
