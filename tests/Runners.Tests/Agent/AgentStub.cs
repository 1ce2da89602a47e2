using System.IO.Pipes;
using System.Text.Json;

namespace Executor.Runners.Agent;

/// <summary>An agent that says what the test has it say, and hears nothing.</summary>
internal sealed class AgentStub : AgentTransport
{
    private readonly AnonymousPipeServerStream _said = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _heard;
    private readonly AgentFrameWriter _writer;

    public AgentStub()
    {
        _heard = new AnonymousPipeClientStream(PipeDirection.In, _said.ClientSafePipeHandle);
        _writer = new AgentFrameWriter(_said);
    }

    public override Stream Input => Stream.Null;

    public override Stream Output => _heard;

    public void Say(string operation, Action<Utf8JsonWriter> fields)
    {
        _writer.Add(operation, fields);
        _writer.Flush();
    }

    public override string ReadDiagnostics() => "";

    public override void Kill() => _said.Dispose();

    public override async ValueTask DisposeAsync()
    {
        Kill();
        await _heard.DisposeAsync();
    }
}
