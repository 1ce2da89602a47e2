using Executor.Clocks;
using Executor.Engine.Stores;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Engine;

/// <summary>What retention removes when the clock may be wrong: what there is too much of, and nothing by its age.</summary>
public sealed class RetentionSweepTests : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);
    private static readonly RetentionOptions Retention = new() { MaxAge = 2 * Day, MaxTasks = 3 };

    private readonly JumpingTime _time = new();
    private readonly SteadyTime _steady;
    private readonly InMemoryTaskStore _store;
    private readonly WarningLog _log = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public RetentionSweepTests()
    {
        _steady = new SteadyTime(_time);
        _store = new InMemoryTaskStore(_steady);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default);
        await _store.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Task_that_is_old_goes_while_the_server_runs()
    {
        await EndAsync("a");
        Start();
        await EndAsync("b", "c", "d");
        await NextSweepLeavesAsync("b", "c", "d");

        _time.Advance(2 * Day);

        await LeftAsync();
    }

    [Theory]
    [InlineData(31)]
    [InlineData(-31)]
    public async Task Clock_that_is_set_costs_no_result_and_what_there_is_too_much_of_goes_all_the_same(int days)
    {
        await EndAsync("a", "b");
        Start();
        _time.SetBy = days * Day;

        await EndAsync("c", "d");
        await NextSweepLeavesAsync("b", "c", "d");
        Assert.StartsWith($"Ended tasks are not removed by their age while the system's clock is {(days < 0 ? "-" : "")}", await _log.NextAsync(), StringComparison.Ordinal);
        // They are too old by now, but by how much of that the clock is to blame nobody knows.
        _time.Advance(3 * Day);
        await EndAsync("e");
        await NextSweepLeavesAsync("c", "d", "e");

        _time.SetBy = TimeSpan.Zero;
        _time.Advance(4 * Day);
        await NextSweepLeavesAsync();
    }

    [Fact]
    public async Task After_a_start_much_later_there_is_an_hour_in_which_nothing_goes_by_its_age()
    {
        await EndAsync("a", "b");
        DateTimeOffset newest = _time.GetUtcNow();
        _time.Advance(31 * Day);
        DateTimeOffset start = _time.GetUtcNow();

        Start();

        string warning = await _log.NextAsync();
        Assert.StartsWith($"The newest task that is stored is of {newest:u}, and by the clock it is {start:u}.", warning, StringComparison.Ordinal);
        Assert.Contains($"2 results would be lost: ended tasks are removed by their age only from {start.AddHours(1):u} on.", warning, StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(40));
        await EndAsync("c", "d");
        await NextSweepLeavesAsync("b", "c", "d");
        _time.Advance(Period);
        await LeftAsync("c", "d");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task After_a_start_at_most_a_day_later_it_begins_at_once(int days)
    {
        await EndAsync("a");
        _time.Advance(3 * Day);
        await EndAsync("b");
        _time.Advance(days * (Day - Moment));

        Start();

        await LeftAsync("b");
    }

    private void Start() =>
        _running = new RetentionSweep(_store, Retention, new StoreRetries(_steady, _log, _stopping.Token), _steady, _log).RunAsync(_stopping.Token);

    private async Task EndAsync(params string[] ids)
    {
        foreach (string id in ids)
        {
            await _store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = id, Language = "python", Code = "x" }, _steady.GetUtcNow()), CancellationToken.None);
            await _store.CompleteAsync(new TaskCompletion(new TaskResult { TaskId = id, Attempt = 1, Status = ExecutionStatus.Completed }), CancellationToken.None);
            _time.Advance(Moment);
        }
    }

    private Task NextSweepLeavesAsync(params string[] ids)
    {
        _time.Advance(Period);
        return LeftAsync(ids);
    }

    private Task LeftAsync(params string[] ids) => Poll.UntilRightAsync(
        async () =>
        {
            string left = string.Join(' ', (await _store.ListAsync(TaskFilter.All, 100, null, CancellationToken.None)).Tasks.Select(task => task.TaskId).Order());
            return left == string.Join(' ', ids) ? null : $"left are {left}, not {string.Join(' ', ids)}";
        },
        TimeSpan.FromSeconds(20));
}
