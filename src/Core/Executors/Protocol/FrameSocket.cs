using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Executor.Executors.Protocol;

/// <summary>Frames over a WebSocket: each one text message. One caller may send while another receives; the socket stays the caller's.</summary>
public sealed class FrameSocket(WebSocket socket)
{
    private const int UsualSize = 64 << 10;
    private const int MaxReasonBytes = 123;

    /// <summary>Bytes above which a frame is a large one.</summary>
    public const int LargeBytes = 256 << 10;

    private ArrayBufferWriter<byte> _outgoing = new();
    private byte[] _incoming = new byte[4 << 10];

    /// <summary>How the other side closed the connection; null: it has not.</summary>
    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    /// <summary>What it said when it closed.</summary>
    public string? CloseReason => socket.CloseStatusDescription;

    /// <summary>The next frame, valid until the next call; null: the other side closed the connection.</summary>
    /// <param name="maxBytes">The largest that is taken.</param>
    /// <param name="large">Waited for before what follows of a frame that turns out to be larger than <see cref="LargeBytes"/> is received; null: nothing.</param>
    /// <param name="cancellationToken">Breaks the connection off.</param>
    /// <exception cref="FrameTooLargeException">It is larger. What is left of it is still to be received.</exception>
    /// <exception cref="InvalidFrameException">It is a binary message.</exception>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(int maxBytes, Func<Task>? large, CancellationToken cancellationToken)
    {
        // A large frame's memory is not kept for the small ones that follow.
        if (_incoming.Length > 16 * UsualSize)
        {
            _incoming = new byte[UsualSize];
        }

        for (int length = 0; ;)
        {
            if (length == _incoming.Length)
            {
                if (length >= LargeBytes && large is not null)
                {
                    await large();
                    large = null;
                }

                Array.Resize(ref _incoming, int.Min(length * 2, maxBytes + 1));
            }

            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(_incoming.AsMemory(length), cancellationToken);
            length += received.Count;
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (length > maxBytes)
            {
                throw new FrameTooLargeException(maxBytes);
            }

            if (received.MessageType == WebSocketMessageType.Binary)
            {
                throw new InvalidFrameException("frames are text messages, this one is binary");
            }

            if (received.EndOfMessage)
            {
                return _incoming.AsMemory(0, length);
            }
        }
    }

    /// <inheritdoc cref="ReceiveAsync(int, Func{Task}?, CancellationToken)"/>
    public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(int maxBytes, CancellationToken cancellationToken) => ReceiveAsync(maxBytes, large: null, cancellationToken);

    /// <summary>Sends a message as a frame.</summary>
    /// <exception cref="WebSocketException">The connection broke.</exception>
    public ValueTask SendAsync(ExecutorMessage message, CancellationToken cancellationToken) => SendAsync((object)ExecutorFrame.Of(message), cancellationToken);

    /// <inheritdoc cref="SendAsync(ExecutorMessage, CancellationToken)"/>
    public ValueTask SendAsync(ServerMessage message, CancellationToken cancellationToken) => SendAsync((object)ServerFrame.Of(message), cancellationToken);

    /// <summary>Says that nothing follows. The other side answers by closing too, which is received as null.</summary>
    public Task CloseAsync(int code, string reason, CancellationToken cancellationToken) =>
        socket.CloseOutputAsync((WebSocketCloseStatus)code, Shortened(reason), cancellationToken);

    /// <summary>The bytes of a message's frame.</summary>
    /// <exception cref="InvalidOperationException">A text in it is half a character.</exception>
    public static byte[] Write(ExecutorMessage message) => Write((object)ExecutorFrame.Of(message));

    /// <inheritdoc cref="Write(ExecutorMessage)"/>
    public static byte[] Write(ServerMessage message) => Write((object)ServerFrame.Of(message));

    /// <summary>Sends a frame that <see cref="Write(ExecutorMessage)"/> wrote.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> written, CancellationToken cancellationToken) =>
        socket.SendAsync(written, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private static byte[] Write(object frame) => JsonSerializer.SerializeToUtf8Bytes(frame, FrameJson.Strict.GetTypeInfo(frame.GetType())!);

    private ValueTask SendAsync(object frame, CancellationToken cancellationToken)
    {
        // A large frame's memory is not kept for the small ones that follow.
        if (_outgoing.Capacity > 16 * UsualSize)
        {
            _outgoing = new ArrayBufferWriter<byte>();
        }

        _outgoing.ResetWrittenCount();
        using (Utf8JsonWriter writer = new(_outgoing, new JsonWriterOptions { Encoder = FrameJson.Strict.Options.Encoder }))
        {
            JsonSerializer.Serialize(writer, frame, FrameJson.Strict.GetTypeInfo(frame.GetType())!);
        }

        return SendAsync(_outgoing.WrittenMemory, cancellationToken);
    }

    private static string Shortened(string reason)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(reason);
        if (bytes.Length <= MaxReasonBytes)
        {
            return reason;
        }

        int length = MaxReasonBytes;
        while ((bytes[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
