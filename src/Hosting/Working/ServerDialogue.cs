using System.Net.WebSockets;
using System.Threading.Channels;
using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Hosting.Working;

/// <summary>One connection to the server: registers, hands on what the server says, sends what there is to say, gives signs of life.</summary>
/// <param name="socket">The connection. Stays the caller's.</param>
/// <param name="server">What is said to the server and to the worker.</param>
/// <param name="running">What the worker runs.</param>
/// <param name="time">The clock.</param>
internal sealed class ServerDialogue(WebSocket socket, ServerPeer server, Func<IReadOnlyList<TaskAttempt>> running, TimeProvider time)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly FrameSocket _frames = new(socket);
    private string? _error;

    /// <summary>Told when the server has registered the worker.</summary>
    public event Action? Registered;

    /// <summary>Told when the server will give nothing more.</summary>
    public event Action? DrainAsked;

    /// <summary>Talks until the connection ends.</summary>
    public async Task<DialogueEnd> RunAsync()
    {
        bool wasRegistered = false;
        using CancellationTokenSource ended = new();
        try
        {
            RegisteredMessage? registered = await RegisterAsync();
            if (registered is not null)
            {
                wasRegistered = true;
                server.Take(registered);
                Registered?.Invoke();
                Task sending = SendAllAsync(registered.MaxBytes, ended.Token);
                Task beating = BeatAsync(registered.Lease, ended.Token);
                try
                {
                    await ReceiveAllAsync();
                }
                finally
                {
                    await ended.CancelAsync();
                    await Task.WhenAll(sending, beating);
                }
            }
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            return new DialogueEnd("the connection broke", WasRegistered: wasRegistered);
        }
        catch (InvalidFrameException invalid)
        {
            return new DialogueEnd($"the server does not speak this version's protocol: {invalid.Message}", WasRegistered: wasRegistered, IsFinal: !wasRegistered);
        }

        await CloseAsync();
        return DialogueEnd.Closed((int?)_frames.CloseStatus ?? 0, _error ?? _frames.CloseReason ?? "the server closed the connection", wasRegistered);
    }

    /// <summary>Breaks the connection off.</summary>
    public void Abort() => socket.Abort();

    private async Task<RegisteredMessage?> RegisterAsync()
    {
        using CancellationTokenSource timeLimit = new(AnswerTimeout, time);
        await _frames.SendAsync(server.Register(), timeLimit.Token);
        while (await ReceiveAsync(timeLimit.Token) is ServerMessage message)
        {
            if (message is not ClosedMessage closed)
            {
                return FrameReader.First(message);
            }

            _error = closed.Reason;
        }

        return null;
    }

    private async Task ReceiveAllAsync()
    {
        while (await ReceiveAsync(CancellationToken.None) is ServerMessage message)
        {
            switch (message)
            {
                case ClosedMessage closed:
                    // It ends this connection only: with which code it is closed tells whether there is to be another.
                    _error = closed.Reason;
                    break;
                case DrainedMessage:
                    DrainAsked?.Invoke();
                    break;
                default:
                    server.Take(message);
                    break;
            }
        }
    }

    private async Task<ServerMessage?> ReceiveAsync(CancellationToken cancellationToken) =>
        await _frames.ReceiveAsync(int.MaxValue - 1, cancellationToken) is ReadOnlyMemory<byte> written ? FrameReader.ReadServerMessage(written.Span) : null;

    private async Task SendAllAsync(int maxBytes, CancellationToken ended)
    {
        Channel<bool> ready = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Wake() => ready.Writer.TryWrite(true);
        server.Ready += Wake;
        Wake();
        try
        {
            while (true)
            {
                await ready.Reader.ReadAsync(ended);
                while (server.TryTake() is ExecutorMessage message)
                {
                    await SendAsync(message, maxBytes);
                }
            }
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            // The receiving side tells how the connection ended, and must hear of it.
            if (!ended.IsCancellationRequested)
            {
                socket.Abort();
            }
        }
        finally
        {
            server.Ready -= Wake;
        }
    }

    private async Task SendAsync(ExecutorMessage message, int maxBytes)
    {
        if (message is not ResultMessage result)
        {
            await _frames.SendAsync(message, CancellationToken.None);
        }
        else if (TryWrite(result, maxBytes, out string problem) is byte[] written)
        {
            await _frames.SendAsync(written, CancellationToken.None);
        }
        else
        {
            // One that the server would not take gives way to one that says why. Who waits for its acknowledgement waits already.
            _ = server.SendAsync(result with { Result = Unsendable(result.Result, problem) }, CancellationToken.None);
        }
    }

    private static byte[]? TryWrite(ResultMessage result, int maxBytes, out string problem)
    {
        try
        {
            byte[] written = FrameSocket.Write(result);
            problem = $"the result has {written.Length} bytes, and the server takes at most {maxBytes}";
            return written.Length <= maxBytes ? written : null;
        }
        catch (Exception unwritable) when (unwritable is InvalidOperationException or ArgumentException)
        {
            problem = "the result holds text that is half a character";
            return null;
        }
    }

    private static TaskResult Unsendable(TaskResult result, string problem) => result with
    {
        Status = ExecutionStatus.Failed,
        Stdout = "",
        Stderr = "",
        OutputTruncated = true,
        Compile = null,
        Result = null,
        Artifacts = null,
        ArtifactsSkipped = null,
        Details = null,
        Error = new TaskError { Type = TaskErrorTypes.ResultError, Message = problem },
    };

    private async Task BeatAsync(TimeSpan? lease, CancellationToken ended)
    {
        if (lease is null)
        {
            return;
        }

        using PeriodicTimer timer = new(lease.Value / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                await server.SendAsync(new HeartbeatMessage(running()), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection has ended.
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            using CancellationTokenSource timeLimit = new(TimeSpan.FromSeconds(2), time);
            await _frames.CloseAsync((int)WebSocketCloseStatus.NormalClosure, "", timeLimit.Token);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            // It is closed, then.
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
