using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Storage;

namespace Executor.Http;

/// <summary>A server's sessions pass over HTTP what they pass within the process.</summary>
public sealed class HttpSessionsTests : SessionServiceContract
{
    private readonly InMemoryTaskStore _store = new(TimeProvider.System);
    private readonly List<ServedEngine> _served = [];

    public override async ValueTask DisposeAsync()
    {
        foreach (ServedEngine served in _served)
        {
            await served.DisposeAsync();
        }

        await _store.DisposeAsync();
        Assert.All(Interpreters, interpreter => Assert.True(interpreter.IsDisposed));
    }

    protected override async Task<ISessionService> CreateAsync(SessionHost host)
    {
        ServedEngine served = await ServedEngine.StartAsync(_store, sessions: host);
        _served.Add(served);
        return served.Http.Sessions;
    }
}
