using System.Buffers.Binary;
using System.Text.Json;

namespace Executor.Runners.Agent;

/// <summary>Reads frames: two big-endian lengths, a JSON object, raw bytes (<c>docs/agent-protocol.md</c>).</summary>
internal sealed class AgentFrameReader(Stream stream)
{
    private const int MaxJson = 64 << 20;
    private const int MaxData = 1 << 20;
    private const int UsualBody = 1 << 16;
    private readonly byte[] _head = new byte[8];
    private byte[] _body = new byte[UsualBody];

    /// <summary>Leaves the last frame's data to who has it: the next frame is read elsewhere.</summary>
    public void GiveUpData() => _body = new byte[UsualBody];

    /// <summary>Blocks for the next frame; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">What came is not a frame.</exception>
    public AgentFrame? Read()
    {
        if (stream.ReadAtLeast(_head, 8, throwOnEndOfStream: false) < 8)
        {
            return null;
        }

        int json = BinaryPrimitives.ReadInt32BigEndian(_head);
        int data = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(4));
        if (json is < 0 or > MaxJson || data is < 0 or > MaxData)
        {
            throw new InvalidDataException($"The agent sent a frame of {(uint)json} + {(uint)data} bytes.");
        }

        if (_body.Length < json + data)
        {
            _body = new byte[json + data];
        }

        if (stream.ReadAtLeast(_body.AsSpan(0, json + data), json + data, throwOnEndOfStream: false) < json + data)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(_body.AsSpan(0, json));
            JsonElement message = JsonElement.ParseValue(ref reader);
            return new AgentFrame(message.GetProperty("op").GetString()!, message, _body.AsMemory(json, data));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException("The agent sent a frame whose head is not a JSON object with an \"op\".", broken);
        }
    }
}
