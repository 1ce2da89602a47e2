using Executor.Client;
using Executor.Engine;
using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>Who is given what, when tasks come by two silos.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AssignmentTests : IAsyncLifetime
{
    private readonly TestCluster _cluster;
    private readonly string _queue = Guid.NewGuid().ToString("N");
    private readonly ClusterExecutionService[] _services;

    public AssignmentTests(TestCluster cluster)
    {
        _cluster = cluster;
        cluster.Queues.Add(
            _queue, new InMemoryTaskStore(TimeProvider.System), new EngineOptions { RecoveryWindow = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        _services = [cluster.ServiceIn(0, _queue, TimeProvider.System), cluster.ServiceIn(1, _queue, TimeProvider.System)];
    }

    private static CancellationToken None => CancellationToken.None;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterExecutionService service in _services)
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Executor_of_three_has_three_at_once_and_never_more_also_when_the_scheduler_moves()
    {
        const int Tasks = 300;
        FullHouse executor = new(slots: 3);
        await _services[0].RegisterAsync(new RegisterMessage(new ExecutorRegistration { ExecutorId = "three", Host = "host", MaxTasks = 3 }, []), executor, None);

        Task<TaskResult?[]> ends = Task.WhenAll(Enumerable.Range(0, Tasks).Select(async i =>
        {
            await _services[i % 2].SubmitAsync([Spec($"t{i}")], None);
            return await _services[(i + 1) % 2].WaitAsync($"t{i}", TimeSpan.FromMinutes(1), None);
        }));
        await executor.Filled;
        await _cluster.Silos.DeactivateAsync(_cluster.Grains.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(_queue)));

        // One that was on its way to the executor when the scheduler moved is sent again, under the next number.
        Assert.All(await ends, result => Assert.Equal(ExecutionStatus.Completed, result?.Status));
        Assert.Equal(3, executor.MostAtOnce);
        Assert.Equal(Tasks, executor.Runs);
    }

    [Fact]
    public async Task Highest_priority_goes_first_then_the_oldest_whichever_silo_it_came_by()
    {
        // Each after the one before it was taken, for their age.
        (string Id, int Priority)[] tasks = [("low", -1), ("a", 0), ("high", 5), ("b", 0), ("higher", 9), ("c", 0), ("high-too", 5)];
        for (int i = 0; i < tasks.Length; i++)
        {
            await _services[i % 2].SubmitAsync([Spec(tasks[i].Id, tasks[i].Priority)], None);
        }

        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0]);
        List<string?> order = [];
        while (order.Count < tasks.Length)
        {
            TaskAssignment given = await executor.NextAsync();
            Assert.Null(executor.Given());
            order.Add(given.Spec.TaskId);
            Assert.True(await executor.CompleteAsync(given));
        }

        Assert.Equal(["higher", "high", "high-too", "a", "b", "c", "low"], order);
    }

    [Fact]
    public async Task Drained_executor_finishes_what_it_runs_and_takes_nothing_more_of_what_comes_by_both_silos()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0], maxTasks: 3);
        await _services[0].SubmitAsync([Spec("one"), Spec("two")], None);
        TaskAssignment[] running = [await executor.NextAsync(), await executor.NextAsync()];

        Assert.True(await _services[1].DrainExecutorAsync("one", None));
        await Task.WhenAll(_services.Select((service, i) => service.SubmitAsync([Spec($"waits{i}")], None)));
        Assert.True(await executor.CompleteAsync(running[0]));
        Assert.True(await executor.CompleteAsync(running[1]));

        Assert.Equal(ExecutionStatus.Completed, (await _services[1].WaitAsync("two", TimeSpan.FromMinutes(1), None))?.Status);
        ExecutorInfo drained = Assert.Single(await _services[1].ListExecutorsAsync(None));
        Assert.Equal((ExecutorStatus.Draining, 0), (drained.Status, drained.Running));
        Assert.Null(executor.Given());
    }

    private static TaskSpec Spec(string id, int priority = 0) => new() { TaskId = id, Code = "print(1)", Language = "python", Priority = priority };

    /// <summary>An executor that ends nothing before all its slots have been taken once, and then everything at once.</summary>
    private sealed class FullHouse(int slots) : IExecutorLink
    {
        private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private IExecutorConnection? _connection;
        private int _running;

        public int MostAtOnce { get; private set; }

        public int Runs { get; private set; }

        public Task Filled => _filled.Task.WaitAsync(TimeSpan.FromMinutes(1));

        public void Attach(IExecutorConnection connection) => _connection = connection;

        public void Send(ServerMessage message)
        {
            if (message is not TaskAssignment assignment)
            {
                return;
            }

            lock (_lock)
            {
                Runs++;
                MostAtOnce = Math.Max(MostAtOnce, ++_running);
                if (_running == slots)
                {
                    _filled.TrySetResult();
                }
            }

            _ = EndAsync(assignment);
        }

        private async Task EndAsync(TaskAssignment assignment)
        {
            await _filled.Task;
            lock (_lock)
            {
                _running--;
            }

            TaskResult result = new() { TaskId = assignment.Spec.TaskId!, Attempt = assignment.Attempt, Status = ExecutionStatus.Completed };
            await _connection!.SendAsync(new ResultMessage(assignment.Task, result), CancellationToken.None);
        }
    }
}
