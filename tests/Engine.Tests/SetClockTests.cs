using Executor.Executors;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>An engine whose system's clock is set while it runs: what waits waits for as long as it is to, to a tenth.</summary>
public sealed class SetClockTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TooSoon = Minute * 0.9;
    private static readonly TimeSpan Rest = Minute * 1.12 - TooSoon;

    private readonly JumpingTime _time = new();
    private readonly InMemoryTaskStore _store;
    private EngineHost? _host;

    public SetClockTests() => _store = new InMemoryTaskStore(_time);

    /// <summary>An hour and a month, ahead and back.</summary>
    public static TheoryData<int> Hours => [1, -1, 31 * 24, -31 * 24];

    private ExecutionEngine Engine => _host!.Engine;

    public async ValueTask InitializeAsync() => _host = await EngineHost.StartAsync(_store, new EngineOptions { Lease = Minute }, _time);

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Task_waits_in_the_queue_for_as_long_as_it_may(int hours)
    {
        await SubmitAsync(new TaskSpec { QueueTimeout = Minute });

        _time.SetBy = TimeSpan.FromHours(hours);
        _time.Advance(TooSoon);
        Assert.Equal(ExecutionStatus.Pending, await StatusAsync());
        _time.Advance(Rest);

        TaskResult? result = await Engine.WaitAsync("t", TimeSpan.FromDays(1), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(TaskErrorTypes.QueueTimeout, result?.Error?.Type);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Executor_that_lives_keeps_its_tasks_and_one_that_falls_silent_is_lost(int hours)
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine);
        await SubmitAsync(new TaskSpec());
        TaskAssignment given = await executor.NextAsync();

        _time.SetBy = TimeSpan.FromHours(hours);
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TooSoon);
            executor.Beat(given.Task);
        }

        Assert.Empty(executor.Lost());
        Assert.Null(executor.ClosedFor);
        _time.Advance(TooSoon + Rest);
        await executor.Closed;
        Assert.Equal(2, (await (await FakeExecutor.JoinAsync(Engine, "other")).NextAsync()).Attempt);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public async Task Retry_comes_after_its_backoff(int hours)
    {
        FakeExecutor executor = await FakeExecutor.JoinAsync(Engine);
        await SubmitAsync(new TaskSpec { Retry = new RetryPolicy { MaxAttempts = 2, Backoff = Minute / 2 } });
        await executor.FailAsync(await executor.NextAsync());

        _time.SetBy = TimeSpan.FromHours(hours);
        _time.Advance(TooSoon / 2);
        Assert.Equal(ExecutionStatus.Pending, await StatusAsync());
        Assert.Null(executor.Given());
        // Up to a quarter longer at random.
        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(2, (await executor.NextAsync()).Attempt);
    }

    private async Task SubmitAsync(TaskSpec spec) => await Engine.SubmitAsync([spec with { TaskId = "t", Language = "python", Code = "x" }], CancellationToken.None);

    private async Task<ExecutionStatus> StatusAsync() => (await Engine.GetAsync("t", CancellationToken.None))!.Record.State.Status;
}
