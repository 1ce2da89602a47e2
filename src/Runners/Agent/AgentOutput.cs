using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>
/// Hands a process's output to its receiver, piece by piece. What a slow receiver has not taken yet waits here, so that the other processes of
/// the workspace go on; when that gets too much the agent is told to leave the rest with the process, which then waits for its pipes.
/// </summary>
/// <param name="receiver">Receives it.</param>
/// <param name="hold">Tells the agent whether to hold the output. Called in order, and not by the agent's reader, which must never wait for the agent.</param>
/// <param name="broken">Told what the receiver threw.</param>
internal sealed class AgentOutput(OutputReceiver receiver, Action<bool> hold, Action<Exception> broken) : IDisposable
{
    /// <summary>Bytes that may wait before the agent is told. What is under way then still comes.</summary>
    private const int HoldBytes = 1 << 18;

    private const int ResumeBytes = HoldBytes / 4;

    private readonly Lock _lock = new();
    private readonly Lock _telling = new();
    private readonly Queue<(OutputStream Stream, ReadOnlyMemory<byte> Data)> _waiting = new();
    private readonly CancellationTokenSource _abandoned = new();
    private int _bytes;
    private bool _isBusy;
    private bool _isHeld;
    private bool _toldHeld;
    private Action? _end;

    /// <summary>Takes a piece. Called by one thread, in order.</summary>
    /// <returns>Whether the data is still in use.</returns>
    public bool Receive(OutputStream stream, ReadOnlyMemory<byte> data)
    {
        lock (_lock)
        {
            if (_isBusy)
            {
                _waiting.Enqueue((stream, data.ToArray()));
                _bytes += data.Length;
                Hold(_isHeld || _bytes > HoldBytes);
                return false;
            }
        }

        ValueTask receiving = Hand(stream, data);
        if (receiving.IsCompletedSuccessfully)
        {
            return false;
        }

        lock (_lock)
        {
            _isBusy = true;
        }

        _ = HandWaitingAsync(receiving);
        return true;
    }

    /// <summary>There is no more: does that when everything has been received.</summary>
    public void Complete(Action end)
    {
        lock (_lock)
        {
            if (_isBusy)
            {
                _end = end;
                return;
            }
        }

        end();
    }

    /// <summary>Cancels what is being received: it has nobody to go to any more.</summary>
    public void Abandon()
    {
        try
        {
            _abandoned.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody receives any more.
        }
    }

    public void Dispose() => _abandoned.Dispose();

    private async Task HandWaitingAsync(ValueTask receiving)
    {
        while (true)
        {
            await receiving;
            (OutputStream Stream, ReadOnlyMemory<byte> Data) next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isBusy = false;
                    break;
                }

                _bytes -= next.Data.Length;
                Hold(_isHeld && _bytes > ResumeBytes);
            }

            receiving = Hand(next.Stream, next.Data);
        }

        // Set before this was busy no more, or never: after that it is done at once.
        _end?.Invoke();
    }

    private ValueTask Hand(OutputStream stream, ReadOnlyMemory<byte> data)
    {
        try
        {
            ValueTask receiving = receiver(stream, data, _abandoned.Token);
            return receiving.IsCompletedSuccessfully ? receiving : WatchAsync(receiving);
        }
        catch (Exception failed)
        {
            Failed(failed);
            return ValueTask.CompletedTask;
        }
    }

    private async ValueTask WatchAsync(ValueTask receiving)
    {
        try
        {
            await receiving;
        }
        catch (Exception failed)
        {
            Failed(failed);
        }
    }

    private void Failed(Exception failed)
    {
        // Abandoned, or by a caller that has left: what is still printed has nobody to go to.
        if (failed is not ObjectDisposedException && !(failed is OperationCanceledException && _abandoned.IsCancellationRequested))
        {
            broken(failed);
        }
    }

    private void Hold(bool isHeld)
    {
        if (isHeld != _isHeld)
        {
            _isHeld = isHeld;
            ThreadPool.UnsafeQueueUserWorkItem(static output => output.Tell(), this, preferLocal: false);
        }
    }

    private void Tell()
    {
        lock (_telling)
        {
            bool isHeld;
            lock (_lock)
            {
                isHeld = _isHeld;
            }

            if (isHeld != _toldHeld)
            {
                _toldHeld = isHeld;
                hold(isHeld);
            }
        }
    }
}
