using Executor.Execution;
using Executor.Tasks;

namespace Executor.Engine.Monitoring;

public sealed class ExecutionMonitorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ExecutionMonitor _monitor;
    private ExecutionLoad _load;

    public ExecutionMonitorTests() => _monitor = new ExecutionMonitor(_time, () => _load, () => new ResourceUsage(TimeSpan.Zero, 64 << 20, null));

    public void Dispose() => _monitor.Dispose();

    [Fact]
    public void Metrics_are_zero_or_unknown_before_anything_happened()
    {
        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Equal(0, metrics.Submitted + metrics.Completed + metrics.Failed + metrics.Cancelled + metrics.Repeated + metrics.CacheHits);
        Assert.Equal(0, metrics.Throughput);
        Assert.Equal(0, metrics.Utilization);
        Assert.Null(metrics.SuccessRate);
        Assert.Null(metrics.ExecutionTime);
        Assert.Null(metrics.QueueTime);
        Assert.Empty(metrics.ByRuntime);
        Assert.Empty(metrics.ByExecutor);
        Assert.Equal(64, metrics.MemoryMb);
    }

    [Fact]
    public void Events_are_counted_by_kind()
    {
        _monitor.TasksSubmitted(1);
        _monitor.TasksSubmitted(9);
        _monitor.AttemptRepeated();
        _monitor.CacheHit();
        _monitor.CacheHit();
        End(ExecutionStatus.Completed, 6);
        End(ExecutionStatus.Failed, 3);
        End(ExecutionStatus.Cancelled, 1);

        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Equal(10, metrics.Submitted);
        Assert.Equal(1, metrics.Repeated);
        Assert.Equal(2, metrics.CacheHits);
        Assert.Equal((6, 3, 1), (metrics.Completed, metrics.Failed, metrics.Cancelled));
        Assert.Equal(0.6, metrics.SuccessRate);
    }

    [Fact]
    public void Live_numbers_are_the_hosts()
    {
        _load = new ExecutionLoad(Waiting: 7, Running: 3, Executors: 2, Slots: 4);

        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Equal((7, 3, 2, 4), (metrics.QueueDepth, metrics.Running, metrics.Executors, metrics.Slots));
        Assert.Equal(0.75, metrics.Utilization);
    }

    [Fact]
    public void Utilization_is_never_over_one() =>
        Assert.Equal(1, _monitor.GetMetrics(new ExecutionLoad(Waiting: 0, Running: 5, Executors: 1, Slots: 4)).Utilization);

    [Fact]
    public void Times_are_of_what_started_and_what_ran()
    {
        _monitor.TaskStarted(TimeSpan.FromSeconds(2));
        _monitor.TaskStarted(TimeSpan.FromSeconds(4));
        _monitor.TaskEnded(ExecutionStatus.Completed, TimeSpan.FromSeconds(10));
        _monitor.TaskEnded(ExecutionStatus.Cancelled, duration: null);

        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Equal(TimeSpan.FromSeconds(3), metrics.QueueTime!.Average);
        Assert.Equal(TimeSpan.FromSeconds(10), metrics.ExecutionTime!.Average);
    }

    [Fact]
    public void Throughput_follows_the_last_minute()
    {
        for (int second = 0; second < 120; second++)
        {
            End(ExecutionStatus.Completed, second < 60 ? 10 : 30);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(30, _monitor.GetMetrics().Throughput, 1.0);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, _monitor.GetMetrics().Throughput);
    }

    [Fact]
    public void Result_tells_runtime_executor_and_duration()
    {
        _monitor.TaskEnded(Result(ExecutionStatus.Completed) with { StartTimeMs = 1, DurationSec = 2, RuntimeId = "python", ExecutorId = "a" });
        _monitor.TaskEnded(Result(ExecutionStatus.Failed) with { StartTimeMs = 1, DurationSec = 4, RuntimeId = "python", ExecutorId = "b" });

        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Equal(TimeSpan.FromSeconds(3), metrics.ExecutionTime!.Average);
        Assert.Equal(new GroupMetrics(1, 1, 0, TimeSpan.FromSeconds(3)), metrics.ByRuntime["python"]);
        Assert.Equal(new GroupMetrics(1, 0, 0, TimeSpan.FromSeconds(2)), metrics.ByExecutor["a"]);
        Assert.Equal(new GroupMetrics(0, 1, 0, TimeSpan.FromSeconds(4)), metrics.ByExecutor["b"]);
    }

    [Fact]
    public void Result_that_did_not_run_itself_has_no_execution_time()
    {
        _monitor.TaskEnded(Result(ExecutionStatus.Completed) with { Cached = true, StartTimeMs = 1, DurationSec = 5 });
        _monitor.TaskEnded(Result(ExecutionStatus.Failed));

        ExecutionMetrics metrics = _monitor.GetMetrics();

        Assert.Null(metrics.ExecutionTime);
        Assert.Equal((1, 1), (metrics.Completed, metrics.Failed));
    }

    [Fact]
    public void Executors_over_a_thousand_share_one_line_and_none_of_their_tasks_is_lost()
    {
        for (int i = 0; i < 1500; i++)
        {
            _monitor.TaskEnded(ExecutionStatus.Completed, null, executorId: $"executor-{i}");
        }

        IReadOnlyDictionary<string, GroupMetrics> byExecutor = _monitor.GetMetrics().ByExecutor;

        Assert.InRange(byExecutor.Count, 1000, 1001);
        Assert.Equal(1500, byExecutor.Values.Sum(executor => executor.Completed));
        Assert.Equal(500, byExecutor["(others)"].Completed);
    }

    [Fact]
    public void Status_that_is_not_final_is_refused() =>
        Assert.Throws<ArgumentException>(() => _monitor.TaskEnded(ExecutionStatus.Running, TimeSpan.Zero));

    [Fact]
    public async Task Events_from_many_threads_at_once_are_all_counted()
    {
        const int threads = 8;
        const int events = 20_000;
        using Barrier begin = new(threads);

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                begin.SignalAndWait();
                for (int i = 0; i < events; i++)
                {
                    _monitor.TasksSubmitted(1);
                    _monitor.TaskStarted(TimeSpan.FromMilliseconds(i));
                    _monitor.TaskEnded((i % 2 == 0) ? ExecutionStatus.Completed : ExecutionStatus.Failed, TimeSpan.FromMilliseconds(2), "python", $"e{i % 5}");
                    if (thread == 0 && i % 1000 == 0)
                    {
                        _time.Advance(TimeSpan.FromSeconds(1)); // slots are replaced under the others' hands
                    }
                }
            },
            TaskCreationOptions.LongRunning)));

        ExecutionMetrics metrics = _monitor.GetMetrics();
        const int all = threads * events;
        Assert.Equal(all, metrics.Submitted);
        Assert.Equal((all / 2, all / 2), (metrics.Completed, metrics.Failed));
        Assert.Equal(all, metrics.ByRuntime["python"].Completed + metrics.ByRuntime["python"].Failed);
        Assert.Equal(all, metrics.ByExecutor.Values.Sum(executor => executor.Completed + executor.Failed));
        Assert.Equal(TimeSpan.FromMilliseconds(2), metrics.ExecutionTime!.Average);
        Assert.Equal(all / 20.0, metrics.Throughput);
    }

    private void End(ExecutionStatus status, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _monitor.TaskEnded(status, TimeSpan.FromMilliseconds(1));
        }
    }

    private static TaskResult Result(ExecutionStatus status) => new() { TaskId = "t", Status = status };
}
