using System.Threading.Channels;
using Executor.Executors;
using Executor.Executors.Protocol;

namespace Executor.Api.Executors.Connect;

/// <summary>
/// What is still to be said to an executor. Adding never waits; one loop sends. Bounded: an executor has at most <c>max_tasks</c> to be
/// told to run, so that only one that doesn't read fills it.
/// </summary>
internal sealed class OutgoingFrames(FrameSocket socket, int capacity)
{
    private readonly Channel<ServerMessage> _messages = Channel.CreateBounded<ServerMessage>(new BoundedChannelOptions(capacity) { SingleReader = true });
    private volatile Ending? _ending;

    /// <summary>Whether <see cref="TryEnd"/> was called.</summary>
    public bool IsEnding => _ending is not null;

    /// <summary>Adds a message, unless the connection ends.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(ServerMessage message) => _messages.Writer.TryWrite(message) || IsEnding;

    /// <summary>Closes the connection instead of sending what is left. The first call counts.</summary>
    /// <param name="code">The close code.</param>
    /// <param name="reason">Why, for the other side.</param>
    /// <returns>Whether this was the first call.</returns>
    public bool TryEnd(int code, string reason)
    {
        bool isFirst = Interlocked.CompareExchange(ref _ending, new Ending(code, reason), null) is null;
        _messages.Writer.TryComplete();
        return isFirst;
    }

    /// <summary>Sends until the end, then closes.</summary>
    /// <param name="cancellationToken">Breaks the connection off.</param>
    public async Task SendAllAsync(CancellationToken cancellationToken)
    {
        await foreach (ServerMessage message in _messages.Reader.ReadAllAsync(cancellationToken))
        {
            if (IsEnding)
            {
                break;
            }

            await socket.SendAsync(message, cancellationToken);
        }

        await CloseAsync(socket, _ending!.Code, _ending.Reason, cancellationToken);
    }

    /// <summary>Says why and closes.</summary>
    public static async Task CloseAsync(FrameSocket socket, int code, string reason, CancellationToken cancellationToken)
    {
        if (code != NormalClose)
        {
            await socket.SendAsync(new ClosedMessage(reason), cancellationToken);
        }

        await socket.CloseAsync(code, reason, cancellationToken);
    }

    /// <summary>The close code of a connection that ends as it should.</summary>
    public const int NormalClose = (int)System.Net.WebSockets.WebSocketCloseStatus.NormalClosure;

    private sealed record Ending(int Code, string Reason);
}
