using Executor.Executors;
using Executor.Scheduling;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>An engine that waits for the executors that outlived the one before it.</summary>
public sealed class EngineRecoveryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly EngineOptions _options = new() { RecoveryWindow = TimeSpan.FromSeconds(3), Lease = TimeSpan.FromMinutes(10) };
    private InMemoryTaskStore? _store;
    private EngineHost? _host;

    private ExecutionEngine Engine => _host!.Engine;

    public async ValueTask InitializeAsync()
    {
        _store ??= new InMemoryTaskStore(_time);
        await StartAsync();
        Pass(4);
    }

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    [Fact]
    public async Task Executor_that_comes_back_keeps_what_it_runs_under_its_number()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Engine, maxTasks: 2);
        TaskAssignment noted = await GiveAsync(before, "noted");
        _store!.MarkRunning(new TaskStart("noted", 1, before.Id, _time.GetUtcNow()));
        TaskAssignment unnoted = await GiveAsync(before, "unnoted");
        await RestartAsync();

        FakeExecutor back = await FakeExecutor.JoinAsync(Engine, maxTasks: 2, running: [noted.Task, unnoted.Task]);

        Assert.Empty(back.Registered.Stale);
        Assert.True(await back.CompleteAsync(noted, "one"));
        Assert.True(await back.CompleteAsync(unnoted, "two"));
        Assert.Equal(("one", 1), await EndOfAsync("noted"));
        Assert.Equal(("two", 1), await EndOfAsync("unnoted"));
    }

    [Fact]
    public async Task Executor_that_comes_back_drained_keeps_what_it_runs_and_is_given_nothing()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Engine, maxTasks: 2);
        TaskAssignment noted = await GiveAsync(before, "noted");
        _store!.MarkRunning(new TaskStart("noted", 1, before.Id, _time.GetUtcNow()));
        await RestartAsync();
        await Engine.SubmitAsync([Spec("waits")], CancellationToken.None);

        FakeExecutor back = new(before.Id);
        RegisterMessage register = new(new ExecutorRegistration { ExecutorId = back.Id, Host = "host", MaxTasks = 2 }, [noted.Task]) { IsDraining = true };
        await Engine.RegisterAsync(register, back, CancellationToken.None);
        Pass(4);

        Assert.Empty(back.Registered.Stale);
        Assert.Null(back.Given());
        Assert.Equal(ExecutorStatus.Draining, (await Engine.ListExecutorsAsync(CancellationToken.None))[0].Status);
        Assert.True(await back.CompleteAsync(noted, "one"));
        Assert.Equal(("one", 1), await EndOfAsync("noted"));
        Assert.Null(back.Given());
    }

    [Fact]
    public async Task What_an_executor_comes_back_with_over_its_room_runs_again_and_its_end_does_not_count()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Engine, maxTasks: 2);
        TaskAssignment first = await GiveAsync(before, "first");
        TaskAssignment second = await GiveAsync(before, "second");
        await RestartAsync();

        FakeExecutor back = await FakeExecutor.JoinAsync(Engine, maxTasks: 1, running: [first.Task, second.Task]);
        Assert.Equal([second.Task], back.Registered.Stale);
        Assert.True(await back.CompleteAsync(first, "one"));
        Pass(3.1);
        TaskAssignment again = await back.NextAsync();

        Assert.Equal(new TaskAttempt("second", 2), again.Task);
        Assert.False(await back.CompleteAsync(second, "of before"));
        Assert.True(await back.CompleteAsync(again, "two"));
        Assert.Equal(("two", 2), await EndOfAsync("second"));
    }

    [Fact]
    public async Task Nothing_is_given_out_until_all_that_were_known_are_back()
    {
        await FakeExecutor.JoinAsync(Engine, "first");
        await FakeExecutor.JoinAsync(Engine, "second");
        await Saved(2);
        await RestartAsync();

        FakeExecutor first = await FakeExecutor.JoinAsync(Engine, "first");
        await Engine.SubmitAsync([Spec("waits")], CancellationToken.None);
        Assert.Null(first.Given());
        await FakeExecutor.JoinAsync(Engine, "second");
        Pass(0.1);

        Assert.Equal("waits", (await first.NextAsync()).Spec.TaskId);
    }

    [Fact]
    public async Task What_nobody_comes_back_with_runs_again_when_the_wait_is_over()
    {
        FakeExecutor gone = await FakeExecutor.JoinAsync(Engine, "gone");
        TaskAssignment lost = await GiveAsync(gone, "t");
        _store!.MarkRunning(new TaskStart("t", 1, "gone", _time.GetUtcNow()));
        await Saved(1);
        await RestartAsync();

        FakeExecutor other = await FakeExecutor.JoinAsync(Engine, "other");
        Assert.Null(other.Given());
        Pass(3.1);

        TaskAssignment again = await other.NextAsync();
        Assert.Equal(("t", 2), (again.Spec.TaskId, again.Attempt));
        FakeExecutor late = await FakeExecutor.JoinAsync(Engine, "gone", running: [lost.Task]);
        Assert.Equal([lost.Task], late.Registered.Stale);
        Assert.False(await late.CompleteAsync(lost, "late"));
        Assert.True(await other.CompleteAsync(again, "right"));
        Assert.Equal(("right", 2), await EndOfAsync("t"));
    }

    [Fact]
    public async Task Executor_can_not_claim_what_another_one_ran()
    {
        FakeExecutor holder = await FakeExecutor.JoinAsync(Engine, "holder");
        TaskAssignment given = await GiveAsync(holder, "t");
        _store!.MarkRunning(new TaskStart("t", 1, "holder", _time.GetUtcNow()));
        await RestartAsync();

        FakeExecutor other = await FakeExecutor.JoinAsync(Engine, "other", running: [given.Task]);

        Assert.Equal([given.Task], other.Registered.Stale);
        FakeExecutor back = await FakeExecutor.JoinAsync(Engine, "holder", running: [given.Task]);
        Assert.True(await back.CompleteAsync(given, "mine"));
    }

    [Fact]
    public async Task Failed_attempt_of_before_is_repeated_as_its_task_asks()
    {
        FakeExecutor before = await FakeExecutor.JoinAsync(Engine);
        await Engine.SubmitAsync([Spec("t") with { Retry = new RetryPolicy { MaxAttempts = 2, Backoff = TimeSpan.FromSeconds(1) } }], CancellationToken.None);
        TaskAssignment given = await before.NextAsync();
        await RestartAsync();
        FakeExecutor back = await FakeExecutor.JoinAsync(Engine, running: [given.Task]);
        Pass(3.1);

        Assert.True(await back.FailAsync(given));
        Pass(2);

        Assert.Equal(new TaskAttempt("t", 2), (await back.NextAsync()).Task);
    }

    private static TaskSpec Spec(string id) => new() { TaskId = id, Code = "print(1)", Language = "python" };

    private async Task<TaskAssignment> GiveAsync(FakeExecutor executor, string id)
    {
        await Engine.SubmitAsync([Spec(id)], CancellationToken.None);
        return await executor.NextAsync();
    }

    private async Task<(string Stdout, int Attempt)> EndOfAsync(string id)
    {
        TaskResult? result = await Engine.WaitAsync(id, TimeSpan.FromMinutes(1), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(result);
        return (result.Stdout, result.Attempt);
    }

    /// <summary>Ends when the store knows of so many executors, which it is told in the background.</summary>
    private async Task Saved(int executors)
    {
        using CancellationTokenSource timeLimit = new(TimeSpan.FromSeconds(20));
        while ((await _store!.ListExecutorsAsync(timeLimit.Token)).Count < executors)
        {
            await Task.Yield();
        }
    }

    private async Task StartAsync() => _host = await EngineHost.StartAsync(_store!, _options, _time);

    private async Task RestartAsync()
    {
        await Saved(1);
        await _host!.DisposeAsync();
        await StartAsync();
    }

    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _time.Advance(TimeSpan.FromMilliseconds(100));
    }
}
