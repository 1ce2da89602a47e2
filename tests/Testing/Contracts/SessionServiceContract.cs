using System.Text;
using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Testing;

/// <summary>What everything that has sessions does, with interpreters in the hands of the test.</summary>
public abstract class SessionServiceContract : IAsyncLifetime
{
    protected static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly List<FakeInterpreter> _interpreters = [];
    private ISessionService? _created;
    private Exception? _startFailure;

    protected JumpingTime Time { get; } = new();

    /// <summary>Those that were started, in order.</summary>
    protected IReadOnlyList<FakeInterpreter> Interpreters => _interpreters;

    protected ISessionService Sessions => _created!;

    public async ValueTask InitializeAsync() => _created = await CreateAsync(HostOf(new SessionOptions()));

    public abstract ValueTask DisposeAsync();

    /// <summary>A service over sessions that are held like that.</summary>
    protected abstract Task<ISessionService> CreateAsync(SessionHost host);

    [Fact]
    public async Task Code_is_executed_one_after_the_other_in_one_interpreter()
    {
        await OpenAsync("s");

        SessionExecution first = await ExecuteAsync("s", "one");
        SessionExecution second = await ExecuteAsync("s", "two");

        Assert.Equal(["one", "two"], Assert.Single(_interpreters).Executed);
        Assert.Equal((1L, "one\n", "'one'", ExecutionStatus.Completed), (first.Execution, first.Stdout, first.ResultText, first.Status));
        Assert.Equal((2L, true), (second.Execution, second.Success));
        Assert.Equal((SessionStatus.Ready, 2L), await StateAsync("s"));
    }

    [Fact]
    public async Task Output_is_told_live()
    {
        await OpenAsync("s");
        List<(OutputStream, string)> heard = [];

        await Sessions.ExecuteAsync("s", new ExecuteRequest { Code = "héllo" }, Receive, CancellationToken.None);

        Assert.Equal([(OutputStream.Stdout, "héllo\n")], heard);

        ValueTask Receive(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            heard.Add((stream, Encoding.UTF8.GetString(data.Span)));
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task Failing_code_is_a_result_and_the_session_goes_on()
    {
        await OpenAsync("s");

        SessionExecution failed = await ExecuteAsync("s", "fail");

        Assert.Equal((ExecutionStatus.Failed, "ValueError", false), (failed.Status, failed.Error?.Type, failed.Restarted));
        Assert.True((await ExecuteAsync("s", "on")).Success);
    }

    [Fact]
    public async Task Startup_code_is_executed_at_the_start_and_after_every_restart()
    {
        await OpenAsync("s", startup: "define");

        await ExecuteAsync("s", "use");
        SessionInfo? restarted = await Sessions.RestartAsync("s", CancellationToken.None);
        SessionExecution crashed = await ExecuteAsync("s", "crash");

        Assert.True(crashed.Restarted);
        Assert.Equal(["define", "use", "define", "crash", "define"], Assert.Single(_interpreters).Executed);
        Assert.Equal((SessionStatus.Ready, 1), (restarted?.Status, restarted?.Restarts));
        Assert.Equal(2, (await Sessions.GetAsync("s", CancellationToken.None))?.Restarts);
    }

    [Fact]
    public async Task Session_whose_startup_code_fails_is_not_opened()
    {
        SessionException failed = await Assert.ThrowsAsync<SessionException>(() => OpenAsync("s", startup: "fail"));

        Assert.Equal((SessionFaultKind.StartupFailed, "ValueError"), (failed.Kind, failed.Error?.Type));
        Assert.Null(await Sessions.GetAsync("s", CancellationToken.None));
        Assert.True(Assert.Single(_interpreters).IsDisposed);
    }

    [Fact]
    public async Task Session_without_an_interpreter_is_not_opened()
    {
        _startFailure = new RunnerException(TaskErrorTypes.SandboxUnavailable, "no sandbox");

        SessionException failed = await Assert.ThrowsAsync<SessionException>(() => OpenAsync("s"));

        Assert.Equal((SessionFaultKind.Unavailable, TaskErrorTypes.SandboxUnavailable), (failed.Kind, failed.Error?.Type));
        Assert.Empty(await Sessions.ListAsync(CancellationToken.None));
        _startFailure = null;
        await OpenAsync("s");
    }

    [Fact]
    public async Task Lost_interpreter_is_told_until_a_restart_makes_another()
    {
        await OpenAsync("s");
        SessionException died = await Assert.ThrowsAsync<SessionException>(() => ExecuteAsync("s", "die"));

        SessionException lost = await Assert.ThrowsAsync<SessionException>(() => ExecuteAsync("s", "more"));

        Assert.Equal((SessionFaultKind.Lost, SessionFaultKind.Lost), (died.Kind, lost.Kind));
        Assert.Contains("restart it", lost.Message, StringComparison.Ordinal);
        Assert.Equal(SessionStatus.Lost, (await StateAsync("s")).Status);
        await Sessions.RestartAsync("s", CancellationToken.None);
        Assert.True((await ExecuteAsync("s", "again")).Success);
        Assert.Equal(2, _interpreters.Count);
        Assert.True(_interpreters[0].IsDisposed);
    }

    [Fact]
    public async Task Interpreter_that_dies_while_nothing_is_executed_is_noticed()
    {
        await OpenAsync("s");

        _interpreters[0].Die();

        await Poll.UntilAsync("the session is lost", async () => (await StateAsync("s")).Status == SessionStatus.Lost, Soon);
        SessionInfo? session = await Sessions.GetAsync("s", CancellationToken.None);
        Assert.Equal(TaskErrorTypes.AgentLost, session?.Error?.Type);
    }

    [Fact]
    public async Task Restart_breaks_off_what_is_executed_and_what_waits()
    {
        await OpenAsync("s");
        Task<SessionExecution> running = ExecuteAsync("s", "hold");
        await _interpreters[0].Holds.WaitAsync(Soon);
        Task<SessionExecution> waiting = ExecuteAsync("s", "never");
        await UntilWaitingAsync("s", 1);

        await Sessions.RestartAsync("s", CancellationToken.None).WaitAsync(Soon);

        Assert.Equal(ExecutionStatus.Cancelled, (await running).Status);
        Assert.Equal((ExecutionStatus.Cancelled, 0L), ((await waiting).Status, (await waiting).Execution));
        Assert.Equal(["hold"], _interpreters[0].Executed);
        Assert.Equal(1, _interpreters[0].Restarts);
        Assert.True((await ExecuteAsync("s", "after")).Success);
    }

    [Fact]
    public async Task Interrupt_ends_what_is_executed_and_nothing_else()
    {
        await OpenAsync("s");
        Task<SessionExecution> running = ExecuteAsync("s", "hold");
        await _interpreters[0].Holds.WaitAsync(Soon);
        Assert.Equal(SessionStatus.Busy, (await StateAsync("s")).Status);
        Task<SessionExecution> waiting = ExecuteAsync("s", "next");

        Assert.True(await Sessions.InterruptAsync("s", CancellationToken.None));

        Assert.Equal(ExecutionStatus.Cancelled, (await running.WaitAsync(Soon)).Status);
        Assert.True((await waiting.WaitAsync(Soon)).Success);
        Assert.False(await Sessions.InterruptAsync("nobody", CancellationToken.None));
    }

    [Fact]
    public async Task Who_stops_waiting_interrupts_only_what_he_asked_for()
    {
        await OpenAsync("s");
        Task<SessionExecution> running = ExecuteAsync("s", "hold");
        await _interpreters[0].Holds.WaitAsync(Soon);
        using CancellationTokenSource gone = new();
        Task waiting = Sessions.ExecuteAsync("s", new ExecuteRequest { Code = "never" }, null, gone.Token);
        await UntilWaitingAsync("s", 1);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await UntilWaitingAsync("s", 0);
        _interpreters[0].LetGo.Release();
        Assert.True((await running.WaitAsync(Soon)).Success);
        Assert.Equal(["hold"], _interpreters[0].Executed);
    }

    [Fact]
    public async Task Close_breaks_off_what_is_executed_and_leaves_nothing()
    {
        await OpenAsync("s");
        Task<SessionExecution> running = ExecuteAsync("s", "hold");
        await _interpreters[0].Holds.WaitAsync(Soon);

        Assert.True(await Sessions.CloseAsync("s", CancellationToken.None).WaitAsync(Soon));

        Assert.Equal(ExecutionStatus.Cancelled, (await running).Status);
        Assert.True(_interpreters[0].IsDisposed);
        Assert.Null(await Sessions.GetAsync("s", CancellationToken.None));
        Assert.Null(await Sessions.ExecuteAsync("s", new ExecuteRequest { Code = "x" }, null, CancellationToken.None));
        Assert.False(await Sessions.CloseAsync("s", CancellationToken.None));
    }

    [Fact]
    public async Task Same_spec_joins_and_another_conflicts()
    {
        await OpenAsync("s", startup: "a");
        await OpenAsync("s", startup: "a");

        SessionException conflict = await Assert.ThrowsAsync<SessionException>(() => OpenAsync("s", startup: "b"));

        Assert.Equal(SessionFaultKind.Conflict, conflict.Kind);
        Assert.Single(_interpreters);
    }

    [Fact]
    public async Task No_more_are_opened_than_may_be()
    {
        ISessionService two = await CreateAsync(HostOf(new SessionOptions { Max = 2 }));
        await two.OpenAsync(new SessionSpec(), CancellationToken.None);
        SessionInfo second = await two.OpenAsync(new SessionSpec(), CancellationToken.None);

        SessionException full = await Assert.ThrowsAsync<SessionException>(() => two.OpenAsync(new SessionSpec(), CancellationToken.None));

        Assert.Equal(SessionFaultKind.Full, full.Kind);
        await two.CloseAsync(second.SessionId, CancellationToken.None);
        await two.OpenAsync(new SessionSpec(), CancellationToken.None);
    }

    [Fact]
    public async Task No_more_wait_than_may()
    {
        ISessionService one = await CreateAsync(HostOf(new SessionOptions { MaxWaiting = 1 }));
        await one.OpenAsync(new SessionSpec { SessionId = "s" }, CancellationToken.None);
        Task running = one.ExecuteAsync("s", new ExecuteRequest { Code = "hold" }, null, CancellationToken.None);
        await _interpreters[0].Holds.WaitAsync(Soon);
        Task waiting = one.ExecuteAsync("s", new ExecuteRequest { Code = "next" }, null, CancellationToken.None);
        await Poll.UntilAsync("one waits", async () => (await one.GetAsync("s", CancellationToken.None))?.Waiting == 1, Soon);

        SessionException busy = await Assert.ThrowsAsync<SessionException>(
            () => one.ExecuteAsync("s", new ExecuteRequest { Code = "too many" }, null, CancellationToken.None));

        Assert.Equal(SessionFaultKind.Busy, busy.Kind);
        _interpreters[0].LetGo.Release();
        await Task.WhenAll(running, waiting).WaitAsync(Soon);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(-24)]
    public async Task Session_is_closed_by_what_has_passed_and_not_by_a_clock_that_is_set(int hours)
    {
        await OpenAsync("s");
        Time.SetBy = TimeSpan.FromHours(hours);
        // The idle timeout is half an hour, and a wait may be a tenth off.
        Time.Advance(TimeSpan.FromMinutes(27));

        Assert.True((await ExecuteAsync("s", "still there")).Success);

        Time.Advance(TimeSpan.FromMinutes(34));
        await Poll.UntilAsync("the idle session is closed", async () => await Sessions.GetAsync("s", CancellationToken.None) is null, Soon);
    }

    [Fact]
    public async Task Idle_session_is_closed_and_a_busy_one_is_not()
    {
        await OpenAsync("idle");
        await OpenAsync("long", idleTimeout: TimeSpan.FromDays(1));
        await OpenAsync("busy");
        Task<SessionExecution> running = ExecuteAsync("busy", "hold");
        await _interpreters[2].Holds.WaitAsync(Soon);

        Time.Advance(TimeSpan.FromMinutes(31));

        await Poll.UntilAsync("the idle session is closed", async () => await Sessions.GetAsync("idle", CancellationToken.None) is null, Soon);
        Assert.Equal(["busy", "long"], (await Sessions.ListAsync(CancellationToken.None)).Select(session => session.SessionId).Order());
        _interpreters[2].LetGo.Release();
        Assert.True((await running).Success);
    }

    [Fact]
    public async Task Every_fault_of_a_spec_is_named()
    {
        SessionSpec wrong = new() { SessionId = "no spaces", Name = "a\nb", IdleTimeout = TimeSpan.Zero, Timeout = TimeSpan.FromSeconds(-1) };

        InvalidInputException refused = await Assert.ThrowsAsync<InvalidInputException>(() => Sessions.OpenAsync(wrong, CancellationToken.None));

        Assert.Equal(["idle_timeout", "name", "session_id", "timeout"], refused.Faults.Select(fault => fault.Field).Order());
        Assert.Empty(_interpreters);
    }

    private SessionHost HostOf(SessionOptions options) => new(StartAsync, _ => [], options, Time);

    private Task<IInterpreter> StartAsync(SessionSpec spec, CancellationToken cancellationToken)
    {
        if (_startFailure is Exception failure)
        {
            throw failure;
        }

        FakeInterpreter interpreter = new();
        _interpreters.Add(interpreter);
        return Task.FromResult<IInterpreter>(interpreter);
    }

    protected Task<SessionInfo> OpenAsync(string id, string? startup = null, TimeSpan? idleTimeout = null) => Sessions.OpenAsync(
        new SessionSpec { SessionId = id, Startup = startup, IdleTimeout = idleTimeout }, CancellationToken.None).WaitAsync(Soon);

    protected async Task<SessionExecution> ExecuteAsync(string id, string code) =>
        (await Sessions.ExecuteAsync(id, new ExecuteRequest { Code = code }, null, CancellationToken.None))!;

    private async Task<(SessionStatus Status, long Executions)> StateAsync(string id)
    {
        SessionInfo session = (await Sessions.GetAsync(id, CancellationToken.None))!;
        return (session.Status, session.Executions);
    }

    private Task UntilWaitingAsync(string id, int executions) =>
        Poll.UntilAsync(
            $"{executions} executions wait", async () => (await Sessions.GetAsync(id, CancellationToken.None))?.Waiting == executions, Soon);
}
