using Executor.Client;
using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace Executor.Grains.Sessions;

/// <summary>What the cluster adds to sessions: where they are, and what outlives their silos.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SessionGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _queue = Guid.NewGuid().ToString("N");
    private readonly FakeTimeProvider _time = new();
    private readonly TestCluster _cluster;
    private readonly List<(int Silo, FakeInterpreter Interpreter)> _interpreters = [];
    private ClusterExecutionService? _service;

    public SessionGrainTests(TestCluster cluster)
    {
        _cluster = cluster;
        cluster.Queues.AddSessions(_queue, _time, HostOn(0), HostOn(1));
    }

    private ISessionService Sessions => _service!.Sessions;

    private ISessionGrain Grain => _cluster.Grains.GetGrain<ISessionGrain>(GrainKeys.Session(_queue, "s"));

    private static CancellationToken None => CancellationToken.None;

    public ValueTask InitializeAsync()
    {
        _service ??= new ClusterExecutionService(_cluster.Grains, _queue, silo: null, TimeProvider.System, NullLogger<ClusterExecutionService>.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SessionInfo session in await Sessions.ListAsync(None))
        {
            await Sessions.CloseAsync(session.SessionId, None);
        }

        await _service!.DisposeAsync();
        Assert.All(_interpreters, started => Assert.True(started.Interpreter.IsDisposed));
    }

    [Fact]
    public async Task Session_whose_grain_moved_is_lost_and_a_restart_gives_it_another_interpreter()
    {
        SessionInfo before = await Sessions.OpenAsync(new SessionSpec { SessionId = "s", Name = "mine", Startup = "define" }, None);
        await ExecuteAsync("one");

        await _cluster.Silos.DeactivateAsync(Grain);

        SessionInfo? lost = await Sessions.GetAsync("s", None);
        Assert.Equal((SessionStatus.Lost, TaskErrorTypes.ExecutorLost, "mine", before.CreateTimeMs), (lost?.Status, lost?.Error?.Type, lost?.Name, lost?.CreateTimeMs));
        Assert.True(_interpreters[0].Interpreter.IsDisposed);
        SessionException refused = await Assert.ThrowsAsync<SessionException>(() => ExecuteAsync("two"));
        Assert.Equal(SessionFaultKind.Lost, refused.Kind);

        SessionInfo? restarted = await Sessions.RestartAsync("s", None);

        Assert.Equal((SessionStatus.Ready, 1), (restarted?.Status, restarted?.Restarts));
        Assert.True((await ExecuteAsync("three")).Success);
        Assert.Equal(["define", "three"], _interpreters[1].Interpreter.Executed);
    }

    [Fact]
    public async Task Lost_session_joins_who_opens_it_again_and_stays_lost()
    {
        await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None);
        await _cluster.Silos.DeactivateAsync(Grain);

        SessionInfo again = await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None);

        Assert.Equal(SessionStatus.Lost, again.Status);
        Assert.Single(_interpreters);
    }

    [Fact]
    public async Task Silo_without_room_sends_sessions_to_the_other_one_and_both_full_refuse()
    {
        foreach (int i in Enumerable.Range(0, 4))
        {
            await Sessions.OpenAsync(new SessionSpec { SessionId = $"s{i}" }, None);
        }

        SessionException full = await Assert.ThrowsAsync<SessionException>(() => Sessions.OpenAsync(new SessionSpec { SessionId = "s4" }, None));

        Assert.Equal(SessionFaultKind.Full, full.Kind);
        Assert.Equal([2, 2], _interpreters.GroupBy(started => started.Silo).Select(group => group.Count()));
        Assert.Equal(["s0", "s1", "s2", "s3"], (await Sessions.ListAsync(None)).Select(session => session.SessionId).Order());
    }

    [Fact]
    public async Task Session_goes_to_a_silo_that_has_its_runner()
    {
        await Sessions.OpenAsync(new SessionSpec { SessionId = "a", Runner = RunnerKind.Docker }, None);
        await Sessions.OpenAsync(new SessionSpec { SessionId = "b", Runner = RunnerKind.Docker }, None);

        Assert.All(_interpreters, started => Assert.Equal(TestCluster.Capable, started.Silo));
    }

    [Fact]
    public async Task Code_that_is_asked_for_twice_is_executed_once()
    {
        await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None);
        Guid execution = Guid.NewGuid();
        ExecuteRequest request = new() { Code = "once" };

        ExecutionUpdate? news = await Grain.ExecuteAsync(execution, request, isWatched: true);
        while (news!.Ended is null)
        {
            news = await Grain.FollowAsync(execution, seen: 1);
        }

        ExecutionUpdate? again = await Grain.ExecuteAsync(execution, request, isWatched: true);

        Assert.Equal(["once"], _interpreters[0].Interpreter.Executed);
        Assert.Equal((1L, 1L), (news.Ended.Execution, again?.Ended?.Execution));
        Assert.Equal("once\n"u8.ToArray(), Assert.Single(again!.Output).Data);
        Assert.Empty((await Grain.FollowAsync(execution, seen: 1))!.Output);
        await Grain.LeaveAsync(execution);
        Assert.Null(await Grain.FollowAsync(execution, seen: 0));
    }

    [Fact]
    public async Task Execution_that_is_running_when_its_session_moves_is_lost()
    {
        await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None);
        Task<SessionExecution> running = ExecuteAsync("hold");
        await _interpreters[0].Interpreter.Holds.WaitAsync(Soon);

        Task moving = _cluster.Silos.DeactivateAsync(Grain);

        // The call that waits is answered by the end of the interpreter, or finds the session lost.
        try
        {
            Assert.Equal(ExecutionStatus.Cancelled, (await running.WaitAsync(Soon)).Status);
        }
        catch (SessionException lost)
        {
            Assert.Equal(SessionFaultKind.Lost, lost.Kind);
        }

        await moving.WaitAsync(Soon);
        Assert.Equal(SessionStatus.Lost, (await Sessions.GetAsync("s", None))?.Status);
    }

    [Fact]
    public async Task Reminder_closes_lost_sessions_when_their_time_is_up_and_forgets_their_names()
    {
        await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None);
        ISessionIndexGrain index = _cluster.Grains.GetGrain<ISessionIndexGrain>(GrainKeys.Sessions(_queue));
        await _cluster.Silos.DeactivateAsync(Grain);
        await RemindAsync();
        Assert.Equal(["s"], await index.ListAsync());

        _time.Advance(TimeSpan.FromMinutes(31));
        await RemindAsync();

        Assert.Empty(await index.ListAsync());
        Assert.Null(await Grain.GetAsync());

        Task RemindAsync() => index.AsReference<IRemindable>().ReceiveReminder(SessionKeeping.SweepReminder, default);
    }

    [Fact]
    public async Task Store_that_is_away_refuses_to_open_and_leaves_no_interpreter()
    {
        _cluster.Storage.SetAway(GrainKeys.Session(_queue, "s"), true);
        try
        {
            await Assert.ThrowsAsync<StorageException>(() => Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None));
        }
        finally
        {
            _cluster.Storage.SetAway(GrainKeys.Session(_queue, "s"), false);
        }

        Assert.All(_interpreters, started => Assert.True(started.Interpreter.IsDisposed));
        Assert.Equal(SessionStatus.Ready, (await Sessions.OpenAsync(new SessionSpec { SessionId = "s" }, None)).Status);
    }

    private async Task<SessionExecution> ExecuteAsync(string code) =>
        (await Sessions.ExecuteAsync("s", new ExecuteRequest { Code = code }, null, None))!;

    private SessionHost HostOn(int silo) => new(
        (_, _) =>
        {
            FakeInterpreter interpreter = new();
            lock (_interpreters)
            {
                _interpreters.Add((silo, interpreter));
            }

            return Task.FromResult<IInterpreter>(interpreter);
        },
        _ => [],
        new SessionOptions { Max = 2 },
        _time);
}
