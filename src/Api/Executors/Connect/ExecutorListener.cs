using System.Net.WebSockets;
using Executor.Execution;
using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Executors.Protocol;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Executors.Connect;

/// <summary>Lets executors in: takes a new connection's <c>register</c> and serves it from there on.</summary>
internal sealed class ExecutorListener(IExecutorGateway gateway, ExecutorConnectOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Whoever has not registered yet gets little room.</summary>
    private const int MaxRegisterBytes = 4 << 20;

    private readonly ConnectedExecutors _sessions = new(time);
    private readonly MemoryBudget _large = new(options.MaxLargeFrames);

    /// <summary>Serves a connection to its end.</summary>
    public async Task ServeAsync(WebSocket socket, CancellationToken stopping)
    {
        FrameSocket frames = new(socket);
        using CancellationTokenSource timeLimit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            RegisterMessage? register;
            using (time.CreateTimer(_ => timeLimit.Cancel(), null, options.RegisterTimeout, Timeout.InfiniteTimeSpan))
            {
                register = await ReceiveRegisterAsync(frames, timeLimit.Token);
            }

            if (register is not null)
            {
                await AdmitAsync(socket, frames, register, stopping);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException)
        {
            // It went away, or took too long, before it had said who it is.
            log.Refused(timeLimit.IsCancellationRequested ? "no register frame came in time" : "it broke before it was registered");
        }
    }

    private async Task<RegisterMessage?> ReceiveRegisterAsync(FrameSocket frames, CancellationToken cancellationToken)
    {
        try
        {
            if (await frames.ReceiveAsync(MaxRegisterBytes, cancellationToken) is not ReadOnlyMemory<byte> written)
            {
                return null;
            }

            return FrameReader.First(FrameReader.ReadExecutorMessage(written.Span));
        }
        catch (InvalidFrameException invalid)
        {
            await RefuseAsync(frames, ExecutorProtocol.InvalidClose, invalid.Message);
        }
        catch (FrameTooLargeException tooLarge)
        {
            await RefuseAsync(frames, ExecutorProtocol.TooLargeClose, tooLarge.Message);
        }

        return null;
    }

    private async Task AdmitAsync(WebSocket socket, FrameSocket frames, RegisterMessage register, CancellationToken stopping)
    {
        using ConnectedExecutor session = new(socket, frames, register, _large, options, time, log);
        HeldAttempts? earlier = await _sessions.EnterAsync(session);
        bool isRegistered = false;
        try
        {
            await session.RegisterAsync(gateway, earlier, stopping);
            isRegistered = true;
            await session.RunAsync(stopping);
        }
        catch (InvalidInputException invalid)
        {
            await RefuseAsync(frames, ExecutorProtocol.InvalidClose, $"register: {invalid.Message}");
        }
        catch (ServiceStoppingException)
        {
            await RefuseAsync(frames, ExecutorProtocol.StoppingClose, "the server is stopping");
        }
        catch (StorageException failed)
        {
            await RefuseAsync(frames, ExecutorProtocol.FailedClose, failed.Message);
        }
        finally
        {
            if (!isRegistered || session.HasLeft)
            {
                _sessions.Remove(session);
            }
        }
    }

    /// <summary>Says why, and gives the other side a while to read it.</summary>
    private async Task RefuseAsync(FrameSocket frames, int code, string reason)
    {
        log.Refused(reason);
        using CancellationTokenSource timeLimit = new(options.CloseTimeout, time);
        await OutgoingFrames.CloseAsync(frames, code, reason, timeLimit.Token);
        for (bool isOpen = true; isOpen;)
        {
            try
            {
                isOpen = await frames.ReceiveAsync(MaxRegisterBytes, timeLimit.Token) is not null;
            }
            catch (Exception unwanted) when (unwanted is InvalidFrameException or FrameTooLargeException)
            {
                // It is only read so that the close can be.
            }
        }
    }
}
