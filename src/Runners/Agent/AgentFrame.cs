using System.Text.Json;

namespace Executor.Runners.Agent;

/// <summary>A frame from the agent; <see cref="Data"/> is only valid until the next one is read, unless the reader gives it up.</summary>
internal readonly record struct AgentFrame(string Operation, JsonElement Message, ReadOnlyMemory<byte> Data)
{
    public int Int(string name) => Message.GetProperty(name).GetInt32();

    public long Long(string name) => Message.GetProperty(name).GetInt64();

    public bool Flag(string name) => Message.GetProperty(name).GetBoolean();

    public string Text(string name) => Message.GetProperty(name).GetString()!;

    public string? TextOrNull(string name) =>
        Message.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
