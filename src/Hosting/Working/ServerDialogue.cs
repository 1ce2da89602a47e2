using System.Net.WebSockets;
using Executor.Engine;
using Executor.Executors;
using Executor.Executors.Protocol;
using Executor.Tasks;

namespace Executor.Hosting.Working;

/// <summary>One connection to the server: registers, hands on what the server says, sends what the outbox has, gives signs of life.</summary>
internal sealed class ServerDialogue(WebSocket socket, ExecutorRegistration registration, TaskWorker worker, Outbox outbox, TimeProvider time)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly FrameSocket _frames = new(socket);
    private string? _error;

    /// <summary>Told when the server has registered the worker.</summary>
    public event Action<ServerConnection>? Registered;

    /// <summary>Told when the server will give nothing more.</summary>
    public event Action? DrainAsked;

    /// <summary>Talks until the connection ends.</summary>
    public async Task<DialogueEnd> RunAsync()
    {
        bool wasRegistered = false;
        using CancellationTokenSource ended = new();
        try
        {
            RegisteredFrame? registered = await RegisterAsync();
            if (registered is not null)
            {
                wasRegistered = true;
                ServerConnection connection = new(outbox, registered, socket.Abort);
                outbox.Rewind(registered.Received);
                worker.Attach(connection);
                Registered?.Invoke(connection);
                Task sending = SendAllAsync(registered.MaxFrameBytes, ended.Token);
                Task beating = BeatAsync(connection, ended.Token);
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
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
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

    private async Task<RegisteredFrame?> RegisterAsync()
    {
        using CancellationTokenSource timeLimit = new(AnswerTimeout, time);
        await _frames.SendAsync(RegisterFrame.Of(registration, worker.Running), timeLimit.Token);
        while (await ReceiveAsync(timeLimit.Token) is ServerFrame frame)
        {
            switch (frame)
            {
                case RegisteredFrame registered:
                    return registered;
                case ErrorFrame error:
                    _error = error.Message;
                    break;
                default:
                    throw new InvalidFrameException($"the first frame must be registered, was {frame.Type}");
            }
        }

        return null;
    }

    private async Task ReceiveAllAsync()
    {
        while (await ReceiveAsync(CancellationToken.None) is ServerFrame frame)
        {
            switch (frame)
            {
                case RunFrame run:
                    worker.Run(run.ToAssignment());
                    break;
                case CancelFrame cancel:
                    worker.Cancel(cancel.ToAttempt());
                    break;
                case ResultAckFrame acknowledgement:
                    outbox.Acknowledge(acknowledgement);
                    break;
                case ServerDrainFrame:
                    DrainAsked?.Invoke();
                    break;
                case ErrorFrame error:
                    _error = error.Message;
                    break;
            }
        }
    }

    private async Task<ServerFrame?> ReceiveAsync(CancellationToken cancellationToken) =>
        await _frames.ReceiveAsync(int.MaxValue - 1, cancellationToken) is ReadOnlyMemory<byte> written ? FrameReader.ReadServerFrame(written.Span) : null;

    private async Task SendAllAsync(int maxFrameBytes, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                ExecutorFrame frame = await outbox.TakeAsync(ended);
                if (frame is ResultFrame result)
                {
                    await SendResultAsync(result, maxFrameBytes);
                }
                else
                {
                    await _frames.SendAsync(frame, CancellationToken.None);
                }
            }
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The receiving side tells how the connection ended, and must hear of it.
            if (!ended.IsCancellationRequested)
            {
                socket.Abort();
            }
        }
    }

    /// <summary>Sends a result; one that the server would not take is replaced by one that says why.</summary>
    private async Task SendResultAsync(ResultFrame result, int maxFrameBytes)
    {
        byte[]? written = null;
        string problem;
        try
        {
            written = FrameSocket.Write(result);
            problem = $"the result has {written.Length} bytes, and the server takes at most {maxFrameBytes}";
        }
        catch (Exception unwritable) when (unwritable is InvalidOperationException or ArgumentException)
        {
            problem = "the result holds text that is half a character";
        }

        if (written?.Length <= maxFrameBytes)
        {
            await _frames.SendAsync(written, CancellationToken.None);
            return;
        }

        outbox.Replace(result.Task, result.Result with
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
        });
    }

    private async Task BeatAsync(ServerConnection connection, CancellationToken ended)
    {
        if (connection.Lease is not TimeSpan lease)
        {
            return;
        }

        using PeriodicTimer timer = new(lease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                connection.Heartbeat(worker.Running);
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
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is closed, then.
        }
    }
}
