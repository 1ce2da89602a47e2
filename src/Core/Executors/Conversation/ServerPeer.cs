using Executor.Scheduling;

namespace Executor.Executors.Conversation;

/// <summary>
/// The server as an executor's side has it, whatever carries the messages and however often that breaks: keeps what is to be said until it may
/// be forgotten, and tells the executor what the server says. Safe to call from many threads; what the server says is taken in order, one at a time.
/// </summary>
/// <param name="registration">What the executor says of itself.</param>
/// <param name="running">What it runs at the beginning.</param>
/// <param name="executor">The executor.</param>
/// <param name="maxKeptBytes">Sent output of an attempt that is kept for a next connection. Range 0 and up.</param>
public sealed class ServerPeer(ExecutorRegistration registration, IEnumerable<TaskAttempt> running, IExecutorLink executor, long maxKeptBytes) : IExecutorConnection
{
    private readonly Lock _lock = new();
    private readonly Outbox _outbox = new(running, maxKeptBytes);
    private bool _isOpen;
    private bool _isLeaving;
    private bool _isClosed;

    /// <summary>Raised when there may be something to send.</summary>
    public event Action? Ready;

    /// <summary>Whether the executor has been registered once.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The first message of a connection. Nothing else is to be sent on it before <see cref="RegisteredMessage"/> has been taken.</summary>
    public RegisterMessage Register()
    {
        lock (_lock)
        {
            _isOpen = false;
            return new RegisterMessage(registration, _outbox.Held) { IsDraining = _outbox.IsDraining };
        }
    }

    /// <summary>The next message to send; null: there is none for now.</summary>
    public ExecutorMessage? TryTake()
    {
        lock (_lock)
        {
            return _isOpen ? _outbox.Take() : null;
        }
    }

    /// <summary>Takes what the server says.</summary>
    public void Take(ServerMessage message)
    {
        if (message is RegisteredMessage registered)
        {
            Open(registered);
        }
        else if (IsNews(message))
        {
            if (message is DrainedMessage)
            {
                Ready?.Invoke();
            }

            executor.Send(message);
            if (message is AcknowledgedMessage acknowledged)
            {
                Acknowledge(acknowledged.Task);
            }
        }
    }

    /// <inheritdoc/>
    public Task SendAsync(ExecutorMessage message, CancellationToken cancellationToken)
    {
        Task done = Task.CompletedTask;
        lock (_lock)
        {
            if (_isClosed || _isLeaving)
            {
                return done;
            }

            switch (message)
            {
                case LeaveMessage:
                    // Its last word: what it has goes elsewhere.
                    _isLeaving = true;
                    _outbox.Clear();
                    _outbox.AddPlan(message);
                    break;
                case OutputMessage piece:
                    done = _outbox.Add(piece);
                    break;
                case ResultMessage result:
                    done = _outbox.Add(result);
                    break;
                case HeartbeatMessage heartbeat:
                    _outbox.Add(heartbeat);
                    break;
                default:
                    _outbox.AddPlan(message);
                    break;
            }
        }

        Ready?.Invoke();
        return done.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the conversation: nobody waits any more, and nothing is taken any more.</summary>
    /// <returns>Whether it had not ended.</returns>
    public bool Close()
    {
        lock (_lock)
        {
            bool isFirst = !_isClosed;
            _isClosed = true;
            _isOpen = false;
            _outbox.Clear();
            return isFirst;
        }
    }

    private void Open(RegisteredMessage registered)
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = !IsRegistered;
            IsRegistered = true;
            foreach (TaskAttempt stale in registered.Stale)
            {
                _outbox.Lose(stale);
            }

            _outbox.Rewind(registered.Received);
            _isOpen = !_isClosed;
        }

        if (isFirst)
        {
            executor.Attach(this);
            executor.Send(registered);
        }
        else
        {
            // For the executor it is the same connection.
            foreach (TaskAttempt stale in registered.Stale)
            {
                executor.Send(new CancelMessage(stale, IsLost: true));
            }
        }

        Ready?.Invoke();
    }

    /// <summary>Lets go of a result, and of who waits for that: the executor has been told what became of it.</summary>
    private void Acknowledge(TaskAttempt task)
    {
        lock (_lock)
        {
            _outbox.Acknowledge(task);
        }
    }

    /// <returns>Whether the executor is to hear it.</returns>
    private bool IsNews(ServerMessage message)
    {
        lock (_lock)
        {
            switch (message)
            {
                case TaskAssignment run:
                    return !_isClosed && !_isLeaving && _outbox.Give(run.Task);
                case CancelMessage { IsLost: true } lost:
                    _outbox.Lose(lost.Task);
                    return true;
                case DrainedMessage:
                    _outbox.AddPlan(new DrainMessage());
                    return true;
                case ClosedMessage:
                    return Close();
                default:
                    return true;
            }
        }
    }
}
