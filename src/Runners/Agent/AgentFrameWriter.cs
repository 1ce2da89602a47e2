using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Executor.Runners.Agent;

/// <summary>Writes frames. Frames are gathered until <see cref="Flush"/>, so that a task's first ones cross in one write. Thread-safe.</summary>
internal sealed class AgentFrameWriter(Stream stream)
{
    /// <summary>The most data a frame may carry.</summary>
    public const int MaxData = 1 << 20;

    private const int FlushAt = 1 << 18;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 14);

    /// <summary>Adds a frame: <paramref name="fields"/> writes the fields after <c>op</c>.</summary>
    public void Add(string operation, Action<Utf8JsonWriter>? fields = null, ReadOnlySpan<byte> data = default)
    {
        lock (_lock)
        {
            int start = _buffer.WrittenCount;
            _buffer.GetSpan(8)[..8].Clear();
            _buffer.Advance(8);
            using (var json = new Utf8JsonWriter(_buffer))
            {
                json.WriteStartObject();
                json.WriteString("op", operation);
                fields?.Invoke(json);
                json.WriteEndObject();
            }

            int length = _buffer.WrittenCount - start - 8;
            _buffer.Write(data);
            Span<byte> head = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_buffer.WrittenMemory).Span[start..];
            BinaryPrimitives.WriteInt32BigEndian(head, length);
            BinaryPrimitives.WriteInt32BigEndian(head[4..], data.Length);
            if (_buffer.WrittenCount >= FlushAt)
            {
                Flush();
            }
        }
    }

    /// <summary>Hands everything added to the stream.</summary>
    /// <exception cref="IOException">The agent is gone.</exception>
    public void Flush()
    {
        lock (_lock)
        {
            try
            {
                stream.Write(_buffer.WrittenSpan);
                stream.Flush();
            }
            finally
            {
                _buffer.ResetWrittenCount();
            }
        }
    }
}
