using Executor.Execution;
using Executor.Sessions;

namespace Executor.Engine.Sessions;

public sealed class LocalSessionsTests : SessionServiceContract
{
    private readonly List<LocalSessions> _local = [];

    [Fact]
    public async Task Drain_waits_for_what_is_executed_and_takes_nothing_more()
    {
        await OpenAsync("s");
        Task<SessionExecution> running = ExecuteAsync("s", "hold");
        await Interpreters[0].Holds.WaitAsync(Soon);

        Task draining = _local[0].DrainAsync(CancellationToken.None);

        await Assert.ThrowsAsync<ServiceStoppingException>(() => OpenAsync("t"));
        Assert.False(draining.IsCompleted);
        Interpreters[0].LetGo.Release();
        await draining.WaitAsync(Soon);
        Assert.True((await running).Success);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (LocalSessions sessions in _local)
        {
            await sessions.DisposeAsync();
        }

        Assert.All(Interpreters, interpreter => Assert.True(interpreter.IsDisposed));
    }

    protected override Task<ISessionService> CreateAsync(SessionHost host)
    {
        LocalSessions sessions = new(host);
        _local.Add(sessions);
        return Task.FromResult<ISessionService>(sessions);
    }
}
