using Executor.Client;
using Executor.Engine;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Grains.Executors;

/// <summary>Executors that connect to the two silos: there is one of each in the cluster.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ExecutorConnectionTests : IAsyncLifetime
{
    private readonly TestCluster _cluster;
    private readonly FakeTimeProvider _time = new();
    private readonly string _queue = Guid.NewGuid().ToString("N");
    private readonly ClusterExecutionService[] _services;

    public ExecutorConnectionTests(TestCluster cluster)
    {
        _cluster = cluster;
        // The scheduler's clock goes, for what it waits for; the connections' goes when it is told.
        cluster.Queues.Add(
            _queue, new InMemoryTaskStore(TimeProvider.System), new EngineOptions { RecoveryWindow = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        _services = [cluster.ServiceIn(0, _queue, _time), cluster.ServiceIn(1, _queue, _time)];
    }

    private static CancellationToken None => CancellationToken.None;

    private ISchedulerGrain Scheduler => _cluster.Grains.GetGrain<ISchedulerGrain>(GrainKeys.Scheduler(_queue));

    private IExecutorGrain Grain => _cluster.Grains.GetGrain<IExecutorGrain>(GrainKeys.Executor(_queue, "one"));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterExecutionService service in _services)
        {
            await service.DisposeAsync();
        }
    }

    [Fact]
    public async Task Id_that_connects_on_a_second_silo_closes_the_first_connection()
    {
        FakeExecutor first = await FakeExecutor.JoinAsync(_services[0]);
        string? firstSilo = (await Grain.GetAsync())?.Silo;

        FakeExecutor second = await FakeExecutor.JoinAsync(_services[1]);

        Assert.Contains("another executor registered as 'one'", await first.Closed, StringComparison.Ordinal);
        Assert.True(first.IsReplaced);
        first.Beat();
        Assert.NotEqual(firstSilo, (await Grain.GetAsync())?.Silo);
        // It is not the executor any more, and can't take it away with itself.
        await first.SayAsync(new LeaveMessage());
        await SubmitAsync("t");
        Assert.True(await second.CompleteAsync(await second.NextAsync()));
        Assert.NotNull(await Grain.GetAsync());
        Assert.Null(second.ClosedFor);
    }

    [Fact]
    public async Task Connection_that_was_not_told_that_the_executor_is_elsewhere_finds_out_within_a_minute()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0]);
        await Grain.RegisterAsync(new ExecutorRegistration { ExecutorId = "one", Host = "other" }, "a silo that can't reach the scheduler");

        _time.Advance(TimeSpan.FromMinutes(1));
        executor.Beat();

        Assert.Contains("another executor registered as 'one'", await executor.Closed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Front_that_was_cut_off_does_not_take_an_executor_back_from_a_later_one()
    {
        Guid late = Guid.NewGuid();
        Guid early = Guid.NewGuid();

        NumberedEvent admitted = await SaidAsync(late, Registration(admission: 7));
        NumberedEvent refused = await SaidAsync(early, Registration(admission: 5));
        NumberedEvent repeated = await SaidAsync(Guid.NewGuid(), Registration(admission: 7));

        Assert.IsType<RegisteredMessage>(Assert.IsType<ExecutorEvent>(admitted.Event).Message);
        var fault = Assert.IsType<StorageException>(Assert.IsType<FaultAnswer>(refused.Event).Fault.ToException());
        Assert.Equal("Another connection has registered as 'one' since.", fault.Message);
        Assert.IsType<RegisteredMessage>(Assert.IsType<ExecutorEvent>(repeated.Event).Message);
        Assert.Single(await _services[0].ListExecutorsAsync(None));
    }

    [Fact]
    public async Task Drain_outlives_the_scheduler_and_the_silo_that_the_executor_was_connected_to()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0], maxTasks: 2);
        await SubmitAsync("runs");
        TaskAssignment running = await executor.NextAsync();
        Assert.True(await _services[1].DrainExecutorAsync("one", None));
        Assert.True(await _services[1].DrainExecutorAsync("one", None));
        await executor.Drained;

        // Nobody is left who was told of it, but the grain; and that is made anew, too.
        await _services[0].DisposeAsync();
        await _cluster.Silos.DeactivateAsync(Scheduler);
        await _cluster.Silos.DeactivateAsync(Grain);
        FakeExecutor back = await FakeExecutor.JoinAsync(_services[1], maxTasks: 2, running: [running.Task]);
        await back.Drained;
        await SubmitAsync("waits");

        ExecutorInfo listed = Assert.Single(await _services[1].ListExecutorsAsync(None));
        Assert.Equal((ExecutorStatus.Draining, 1), (listed.Status, listed.Running));
        Assert.True(await back.CompleteAsync(running));
        FakeExecutor other = await FakeExecutor.JoinAsync(_services[1], "other");
        Assert.Equal("waits", (await other.NextAsync()).Spec.TaskId);
        Assert.Null(back.Given());
    }

    [Fact]
    public async Task Drained_executor_that_left_for_good_is_a_new_one_when_it_registers_again()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0]);
        await _services[1].DrainExecutorAsync("one", None);
        await executor.SayAsync(new LeaveMessage());
        // Says what is left to say.
        await _services[0].DisposeAsync();

        Assert.Null(await Grain.GetAsync());
        Assert.False(await _services[1].DrainExecutorAsync("one", None));
        FakeExecutor anew = await FakeExecutor.JoinAsync(_services[1]);
        await SubmitAsync("t");
        await anew.NextAsync();
        Assert.False(anew.IsDrained);
    }

    [Fact]
    public async Task Drain_while_the_scheduler_does_not_know_the_executor_holds_once_it_does()
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0]);
        // As much of a drain as happens when the scheduler is being made anew.
        Assert.True(await Grain.DrainAsync());

        await _cluster.Silos.DeactivateAsync(Scheduler);

        await executor.Drained;
        // The scheduler is told at the same time, by another way than the submit goes.
        Assert.Equal(ExecutorStatus.Draining, Assert.Single(await _services[0].ListExecutorsAsync(None)).Status);
        await SubmitAsync("waits");
        Assert.Null(executor.Given());
    }

    [Fact]
    public async Task Tasks_do_not_pass_by_the_grain()
    {
        string key = GrainKeys.Executor(_queue, "eager");
        EagerExecutor executor = new("eager");
        IExecutorConnection connection = await _services[0].RegisterAsync(
            new RegisterMessage(new ExecutorRegistration { ExecutorId = "eager", Host = "host", MaxTasks = 4 }, []), executor, None);
        string[] ids = [.. Enumerable.Range(0, 200).Select(i => $"t{i}")];
        await SubmitAsync(ids);
        foreach (string id in ids)
        {
            await connection.SendAsync(new HeartbeatMessage([]), None);
            Assert.NotNull(await _services[1].WaitAsync(id, TimeSpan.FromMinutes(10), None));
        }

        // It came, and it was noted that it lives.
        Assert.InRange(_cluster.Calls.Of(key), 1, 2);
        Assert.Equal(1, _cluster.Storage.WritesOf(key));
    }

    [Fact]
    public async Task Registration_is_refused_while_what_is_known_can_not_be_stored_and_works_after_that()
    {
        string key = GrainKeys.Executor(_queue, "one");
        _cluster.Storage.SetAway(key, isAway: true);
        var refused = await Assert.ThrowsAsync<StorageException>(() => FakeExecutor.JoinAsync(_services[0]));
        Assert.True(refused.IsTransient);
        Assert.Contains("executor 'one'", refused.Message, StringComparison.Ordinal);

        _cluster.Storage.SetAway(key, isAway: false);
        FakeExecutor executor = await FakeExecutor.JoinAsync(_services[0]);
        await SubmitAsync("t");
        Assert.Equal("t", (await executor.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task Registration_that_is_not_valid_leaves_nothing_behind()
    {
        await Assert.ThrowsAsync<InvalidInputException>(() => _services[0].RegisterAsync(
            new RegisterMessage(new ExecutorRegistration { ExecutorId = "one", Host = "h", MaxTasks = 0 }, []), new FakeExecutor("one"), None));

        Assert.Equal(0, _cluster.Storage.WritesOf(GrainKeys.Executor(_queue, "one")));
    }

    private static RegisterCall Registration(long admission) =>
        new(1, new RegisterMessage(new ExecutorRegistration { ExecutorId = "one", Host = "host" }, []), admission);

    private async Task SubmitAsync(params string[] ids) =>
        await _services[1].SubmitAsync([.. ids.Select(id => new TaskSpec { TaskId = id, Code = "print(1)", Language = "python" })], None);

    /// <summary>Says something in a session of its own.</summary>
    /// <returns>The first that comes back.</returns>
    private async Task<NumberedEvent> SaidAsync(Guid session, SchedulerCall call)
    {
        CallBatch batch = new(session, IsFirst: true, Silo: null, new([new NumberedCall(1, call)]));
        while (await Scheduler.SendAsync(batch) != ConnectionStatus.Taken)
        {
        }

        while (true)
        {
            if ((await Scheduler.PullAsync(session, 0)).Events.Open() is [NumberedEvent first, ..])
            {
                return first;
            }
        }
    }
}
