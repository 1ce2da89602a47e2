using System.Net.WebSockets;
using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Executors.Protocol;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Executors.Connect;

/// <summary>One connection of an executor by WebSocket, from its <c>register</c> to its end.</summary>
/// <param name="socket">The connection.</param>
/// <param name="frames">Its frames.</param>
/// <param name="register">What it said first.</param>
/// <param name="large">Places for large frames, of all connections, from the time they are seen to be large until what they say is stored.</param>
/// <param name="options">How connections are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told of its beginning and end.</param>
internal sealed class ConnectedExecutor(
    WebSocket socket, FrameSocket frames, RegisterMessage register, MemoryBudget large, ExecutorConnectOptions options, TimeProvider time, ILogger log)
    : IDisposable
{
    // A number that is out of range is refused only later.
    private readonly OutgoingFrames _outgoing = new(frames, 1_024 + (2 * int.Clamp(register.Registration.MaxTasks, 1, 1_000_000)));
    private readonly SemaphoreSlim _handling = new(1);
    private readonly SemaphoreSlim _reports = new(options.MaxReports);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _gone = new();
    private ExecutorPeer? _peer;
    private TimeSpan _beat = Timeout.InfiniteTimeSpan;
    private HeartbeatMessage? _lastBeat;
    private MemoryShare? _largePlace;

    public string ExecutorId => register.Registration.ExecutorId;

    /// <summary>When the connection ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether the executor said that it won't be back.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Closes it in favour of another connection. When this returns it passes nothing on any more.</summary>
    /// <returns>What it held; null: it was never registered.</returns>
    public async Task<HeldAttempts?> ReplaceAsync()
    {
        End(ExecutorProtocol.ReplacedClose, $"another connection registered as '{ExecutorId}'");
        await _handling.WaitAsync();
        _handling.Release();
        return _peer?.Held;
    }

    /// <summary>Registers the executor.</summary>
    /// <param name="gateway">Where.</param>
    /// <param name="earlier">What an earlier connection of it held.</param>
    /// <param name="stopping">The server stops.</param>
    /// <exception cref="Executor.Tasks.InvalidInputException">The registration is not valid; names every bad field.</exception>
    public Task RegisterAsync(IExecutorGateway gateway, HeldAttempts? earlier, CancellationToken stopping)
    {
        _peer = new ExecutorPeer(register, earlier, Send);
        return _peer.RegisterAsync(gateway, stopping);
    }

    /// <summary>Serves the registered executor until the connection ends.</summary>
    /// <param name="stopping">The server stops.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using CancellationTokenRegistration stop = stopping.Register(() => End(ExecutorProtocol.StoppingClose, "the server is stopping"));
        Task talk = Task.WhenAll(EndingAsync(ReceiveAllAsync()), EndingAsync(_outgoing.SendAllAsync(CancellationToken.None)));
        if (_outgoing.IsEnding)
        {
            // Ended while it was being registered.
            Say(new DisconnectedMessage());
        }

        await _ended.Task;
        await Task.WhenAny(talk, Task.Delay(options.CloseTimeout, time, CancellationToken.None));
        socket.Abort();
        await talk;
        // Every slot back is every report at its end.
        for (int i = 0; i < options.MaxReports; i++)
        {
            await _reports.WaitAsync(CancellationToken.None);
        }
    }

    // The other semaphore, and the source, are still needed by a connection that comes after this one.
    public void Dispose() => _reports.Dispose();

    private void Send(ServerMessage message)
    {
        switch (message)
        {
            case ClosedMessage closed:
                End(closed.IsReplaced ? ExecutorProtocol.ReplacedClose : ExecutorProtocol.RegisterAgainClose, closed.Reason);
                return;
            case RegisteredMessage registered:
                log.Connected(ExecutorId, register.Registration.Host, register.Running.Count, registered.Stale.Count);
                _beat = registered.Lease / 3 ?? Timeout.InfiniteTimeSpan;
                message = registered with { MaxBytes = options.MaxFrameMb << 20 };
                break;
        }

        if (!_outgoing.TryAdd(message))
        {
            // Nothing can be said to who doesn't listen.
            End(ExecutorProtocol.RegisterAgainClose, "the executor does not read what it is sent");
            socket.Abort();
        }
    }

    /// <summary>Ends the connection: nothing more is taken from the other side, and it is told why. The first call counts.</summary>
    private void End(int code, string reason)
    {
        if (_outgoing.TryEnd(code, reason))
        {
            EndedAt = time.GetUtcNow();
            log.Ended(ExecutorId, reason);
            if (!HasLeft)
            {
                Say(new DisconnectedMessage());
            }

            _ended.TrySetResult();
            _gone.Cancel();
        }
    }

    /// <summary>One of the two directions; where one ends the whole does.</summary>
    private async Task EndingAsync(Task direction)
    {
        try
        {
            await direction;
            End(OutgoingFrames.NormalClose, "the other side closed the connection");
        }
        catch (Exception broken) when (broken is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            End(ExecutorProtocol.RegisterAgainClose, "the connection broke");
        }
        // The edge of a connection: whatever else went wrong is ours, and ends only this one.
        catch (Exception failed)
        {
            log.ConnectionFailed(failed, ExecutorId);
            End(ExecutorProtocol.FailedClose, "the server failed");
        }
    }

    private async Task ReceiveAllAsync()
    {
        while (true)
        {
            try
            {
                if (await frames.ReceiveAsync(options.MaxFrameMb << 20, TakeLargePlaceAsync, CancellationToken.None) is not ReadOnlyMemory<byte> written)
                {
                    return;
                }

                // After the end what comes is only read, so that the other side gets to read why.
                if (!_outgoing.IsEnding)
                {
                    await HandleAsync(FrameReader.ReadExecutorMessage(written.Span));
                }
            }
            catch (InvalidFrameException invalid)
            {
                End(ExecutorProtocol.InvalidClose, invalid.Message);
            }
            catch (FrameTooLargeException tooLarge)
            {
                End(ExecutorProtocol.TooLargeClose, tooLarge.Message);
            }
            finally
            {
                TakeOverLargePlace()?.Dispose();
            }
        }
    }

    /// <summary>
    /// Waits for a place for a large frame. Signs of life would come behind the frame: meanwhile what the executor said last is taken to hold.
    /// </summary>
    private async Task TakeLargePlaceAsync()
    {
        if (_outgoing.IsEnding)
        {
            // What comes is read only so that the other side can read why; none of it is kept.
            return;
        }

        Task<MemoryShare> place = large.TakeAsync(1, _gone.Token);
        while (_largePlace is null)
        {
            try
            {
                _largePlace = await place.WaitAsync(_beat, time);
            }
            catch (TimeoutException)
            {
                if (_lastBeat is not null)
                {
                    Say(_lastBeat);
                }
            }
        }
    }

    /// <returns>The place that the last frame has, which the caller is to give back; null: it has none.</returns>
    private MemoryShare? TakeOverLargePlace()
    {
        MemoryShare? place = _largePlace;
        _largePlace = null;
        return place;
    }

    private async Task HandleAsync(ExecutorMessage message)
    {
        await _handling.WaitAsync();
        try
        {
            if (!_outgoing.IsEnding)
            {
                await TakeAsync(message);
            }
        }
        finally
        {
            _handling.Release();
        }
    }

    private async Task TakeAsync(ExecutorMessage message)
    {
        switch (message)
        {
            case ResultMessage result:
                await _reports.WaitAsync();
                _ = ReportAsync(result, TakeOverLargePlace());
                break;
            case HeartbeatMessage heartbeat:
                _lastBeat = heartbeat;
                await _peer!.TakeAsync(message);
                break;
            case LeaveMessage:
                HasLeft = true;
                await _peer!.TakeAsync(message);
                End(OutgoingFrames.NormalClose, "the executor left");
                break;
            case RegisterMessage:
                throw new InvalidFrameException("register: has been said on this connection; to register anew connect again");
            default:
                await _peer!.TakeAsync(message);
                break;
        }
    }

    /// <summary>Holds one of the slots of <see cref="_reports"/>, and perhaps a place for a large frame.</summary>
    private async Task ReportAsync(ResultMessage result, MemoryShare? largePlace)
    {
        try
        {
            await _peer!.TakeAsync(result);
        }
        // The edge of a report: without an acknowledgement the executor keeps the result and sends it again.
        catch (Exception failed)
        {
            log.ReportFailed(failed, ExecutorId, result.Task);
            End(ExecutorProtocol.FailedClose, "the server could not take a result; it is to be sent again");
        }
        finally
        {
            _reports.Release();
            largePlace?.Dispose();
        }
    }

    /// <summary>Says something for the executor, which nobody waits for.</summary>
    private void Say(ExecutorMessage message) => _ = _peer?.TakeAsync(message);
}
