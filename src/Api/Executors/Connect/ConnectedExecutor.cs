using System.Net.WebSockets;
using Executor.Executors;
using Executor.Executors.Protocol;
using Executor.Scheduling;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Executors.Connect;

/// <summary>One connection of a registered executor, from <c>registered</c> to its end.</summary>
internal sealed class ConnectedExecutor(WebSocket socket, FrameSocket frames, RegisterFrame register, ExecutorConnectOptions options, TimeProvider time, ILogger log)
    : IExecutorLink, IDisposable
{
    // A number that is out of range is refused only later.
    private readonly OutgoingFrames _outgoing = new(frames, 1_024 + (2 * int.Clamp(register.MaxTasks, 1, 1_000_000)));
    private readonly HeldAttempts _held = new();
    private readonly SemaphoreSlim _handling = new(1);
    private readonly SemaphoreSlim _reports = new(options.MaxReports);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IExecutorConnection? _connection;

    public string ExecutorId => register.ExecutorId;

    /// <summary>When the connection ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether the executor said that it won't be back.</summary>
    public bool HasLeft { get; private set; }

    /// <inheritdoc/>
    public void Attach(IExecutorConnection connection) => _connection = connection;

    /// <inheritdoc/>
    public void Run(TaskAssignment assignment)
    {
        _held.Add(assignment.Task);
        Send(RunFrame.Of(assignment));
    }

    /// <inheritdoc/>
    public void Cancel(TaskAttempt task) => Send(CancelFrame.Of(task));

    /// <inheritdoc/>
    public void Drain() => Send(new ServerDrainFrame());

    /// <inheritdoc/>
    public void Close(string reason) => End(ExecutorProtocol.RegisterAgainClose, reason);

    /// <inheritdoc/>
    public void Replace(string reason) => End(ExecutorProtocol.ReplacedClose, reason);

    /// <summary>Closes it in favour of another connection. When this returns it passes nothing on any more.</summary>
    public async Task<HeldAttempts> ReplaceAsync()
    {
        End(ExecutorProtocol.ReplacedClose, $"another connection registered as '{ExecutorId}'");
        await _handling.WaitAsync();
        _handling.Release();
        return _held;
    }

    /// <summary>Serves the connection until it ends.</summary>
    /// <param name="earlier">What an earlier connection of the executor held.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task RunAsync(HeldAttempts? earlier, CancellationToken stopping)
    {
        RegisteredFrame registered = Welcome(earlier);
        await using CancellationTokenRegistration stop = stopping.Register(() => End(ExecutorProtocol.StoppingClose, "the server is stopping"));
        Task talk = Task.WhenAll(
            EndingAsync(ReceiveAllAsync()),
            EndingAsync(_outgoing.SendAllAsync(registered, CancellationToken.None)));
        if (_outgoing.IsEnding)
        {
            // Ended while it was being registered.
            _connection!.Disconnected();
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

    // The other semaphore is still needed by a connection that comes after this one.
    public void Dispose() => _reports.Dispose();

    private RegisteredFrame Welcome(HeldAttempts? earlier)
    {
        IReadOnlyList<TaskAttempt> running = register.Running ?? [];
        TaskAttempt[] kept = [.. running.Except(_connection!.Stale)];
        _held.Continue(earlier, kept);
        log.Connected(ExecutorId, register.Host, running.Count, _connection.Stale.Count);
        return new RegisteredFrame
        {
            LeaseSec = _connection.Lease?.TotalSeconds,
            MaxFrameBytes = options.MaxFrameMb << 20,
            Stale = _connection.Stale,
            Received = _held.Received(kept),
        };
    }

    private void Send(ServerFrame frame)
    {
        if (!_outgoing.TryAdd(frame))
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
                _connection?.Disconnected();
            }

            _ended.TrySetResult();
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
                if (await frames.ReceiveAsync(options.MaxFrameMb << 20, CancellationToken.None) is not ReadOnlyMemory<byte> written)
                {
                    return;
                }

                // After the end what comes is only read, so that the other side gets to read why.
                if (!_outgoing.IsEnding)
                {
                    await HandleAsync(FrameReader.ReadExecutorFrame(written.Span));
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
        }
    }

    private async Task HandleAsync(ExecutorFrame frame)
    {
        await _handling.WaitAsync();
        try
        {
            if (!_outgoing.IsEnding)
            {
                await TakeAsync(frame, _connection!);
            }
        }
        finally
        {
            _handling.Release();
        }
    }

    private async Task TakeAsync(ExecutorFrame frame, IExecutorConnection connection)
    {
        switch (frame)
        {
            case OutputFrame piece:
                if (_held.TryTake(piece))
                {
                    await connection.OutputAsync(piece.Task, piece.Stream, piece.ToBytes(), CancellationToken.None);
                }

                break;
            case ResultFrame result:
                await _reports.WaitAsync();
                _ = ReportAsync(connection, result);
                break;
            case HeartbeatFrame heartbeat:
                Renew(connection, heartbeat);
                break;
            case DrainFrame:
                connection.Drain();
                break;
            case LeaveFrame:
                HasLeft = true;
                connection.Leave();
                End(OutgoingFrames.NormalClose, "the executor left");
                break;
            case RegisterFrame:
                throw new InvalidFrameException("register: has been said on this connection; to register anew connect again");
        }
    }

    private void Renew(IExecutorConnection connection, HeartbeatFrame heartbeat)
    {
        IReadOnlyList<TaskAttempt>? stale = connection.Heartbeat(heartbeat.Running);
        if (stale is null)
        {
            End(ExecutorProtocol.RegisterAgainClose, $"executor '{ExecutorId}' is not registered any more (its lease ran out, or another one has its id)");
            return;
        }

        foreach (TaskAttempt task in stale)
        {
            _held.Remove(task);
            Cancel(task);
        }
    }

    /// <summary>Holds one of the slots of <see cref="_reports"/>.</summary>
    private async Task ReportAsync(IExecutorConnection connection, ResultFrame frame)
    {
        try
        {
            // The key of the stored result is the server's to choose: a stranger's might be that of another result.
            TaskResult result = frame.Result with { Id = Guid.CreateVersion7(), TaskId = frame.TaskId, Attempt = frame.Attempt, Cached = false };
            bool accepted = await connection.ReportAsync(frame.Task, result);
            _held.Remove(frame.Task);
            Send(new ResultAckFrame(frame.TaskId, frame.Attempt, accepted));
        }
        // The edge of a report: without an acknowledgement the executor keeps the result and sends it again.
        catch (Exception failed)
        {
            log.ReportFailed(failed, ExecutorId, frame.Task);
            End(ExecutorProtocol.FailedClose, "the server could not take a result; it is to be sent again");
        }
        finally
        {
            _reports.Release();
        }
    }
}
