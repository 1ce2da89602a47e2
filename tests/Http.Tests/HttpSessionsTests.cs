using System.Text;
using Executor.Engine.Sessions;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>A server's sessions pass over HTTP what they pass within the process.</summary>
public sealed class HttpSessionsTests : SessionServiceContract
{
    private readonly InMemoryTaskStore _store = new(TimeProvider.System);
    private readonly List<ServedEngine> _served = [];

    [Fact]
    public async Task Interpreter_that_is_lost_when_the_answer_has_begun_is_told_as_lost()
    {
        await OpenAsync("s");
        StringBuilder heard = new();

        SessionException lost = await Assert.ThrowsAsync<SessionException>(
            () => Sessions.ExecuteAsync("s", new ExecuteRequest { Code = "break" }, ReceiveAsync, CancellationToken.None).WaitAsync(Soon));

        Assert.Equal((SessionFaultKind.Lost, TaskErrorTypes.AgentLost, "half"), (lost.Kind, lost.Error?.Type, heard.ToString()));

        ValueTask ReceiveAsync(OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            heard.Append(Encoding.UTF8.GetString(data.Span));
            return ValueTask.CompletedTask;
        }
    }

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
