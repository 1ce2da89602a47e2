using Executor.Executors;
using Executor.Executors.Conversation;
using Executor.Grains.Executors;
using Executor.Grains.Scheduling;

namespace Executor.Client.Connections;

/// <summary>
/// An executor that is registered through this process: its conversation with the scheduler, which goes on when that moves, and what the
/// executor's grain is told of it.
/// </summary>
internal sealed class ClusterExecutorConnection : IExecutorConnection, IExecutorLink
{
    /// <summary>How often the executor's grain is told that it lives.</summary>
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    private readonly SchedulerConnection _scheduler;
    private readonly IExecutorLink _executor;
    private readonly ServerPeer _peer;
    private volatile bool _isDraining;
    private long _notedAt;

    /// <param name="scheduler">This process's way to the scheduler.</param>
    /// <param name="number">Its number there.</param>
    /// <param name="admission">How the executor's grain let it in.</param>
    /// <param name="register">What the executor said first.</param>
    /// <param name="executor">The executor.</param>
    public ClusterExecutorConnection(SchedulerConnection scheduler, long number, ExecutorAdmission admission, RegisterMessage register, IExecutorLink executor)
    {
        (_scheduler, _executor, Number, Admission, ExecutorId) = (scheduler, executor, number, admission.Connection, register.Registration.ExecutorId);
        _isDraining = admission.IsDrained;
        // A scheduler that was started since would not know the beginning of what was printed: nothing is kept for it.
        _peer = new ServerPeer(register.Registration, register.Running, this, maxKeptBytes: 0);
        if (_isDraining)
        {
            _ = _peer.SendAsync(new DrainMessage(), CancellationToken.None);
        }

        _peer.Ready += () => scheduler.HasMore(this);
    }

    public long Number { get; }

    public string ExecutorId { get; }

    /// <summary>The number by which the executor's grain knows it.</summary>
    public long Admission { get; }

    /// <summary>Whether it has been registered once.</summary>
    public bool IsRegistered => _peer.IsRegistered;

    /// <summary>How many times it is in the line of those that have something to say. Guarded by the scheduler's connection.</summary>
    public int Turns { get; set; }

    /// <summary>What registers it, with what it holds.</summary>
    public RegisterCall Register() => new(Number, _peer.Register(), Admission);

    /// <summary>The next that it has to say; null: nothing for now.</summary>
    public ExecutorCall? TryTake() => _peer.TryTake() is ExecutorMessage message ? new ExecutorCall(Number, message) : null;

    /// <summary>Takes what the scheduler says to it.</summary>
    public void Take(ServerMessage message)
    {
        _peer.Take(message);
        if (message is RegisteredMessage)
        {
            // It may have been drained, or have registered elsewhere, while the scheduler did not know it.
            Note();
        }
    }

    /// <summary>Takes what the executor's grain says of it; null: it does not count any more.</summary>
    public void Take(ExecutorAdmission? now)
    {
        if (now is null)
        {
            Close($"another executor registered as '{ExecutorId}', or it was forgotten");
        }
        else if (now.IsDrained && !_isDraining)
        {
            // Drained while the scheduler did not know it.
            _peer.Take(new DrainedMessage());
        }
    }

    /// <summary>Closes it.</summary>
    public void Close(string reason) => _peer.Take(new ClosedMessage(reason));

    /// <inheritdoc/>
    public void Attach(IExecutorConnection connection) => _executor.Attach(this);

    /// <inheritdoc/>
    public void Send(ServerMessage message)
    {
        switch (message)
        {
            case RegisteredMessage when _isDraining:
                _executor.Send(message);
                message = new DrainedMessage();
                break;
            case DrainedMessage:
                _isDraining = true;
                break;
            case ClosedMessage:
                _scheduler.Forget(this);
                break;
        }

        _executor.Send(message);
    }

    /// <inheritdoc/>
    public Task SendAsync(ExecutorMessage message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case HeartbeatMessage when _scheduler.Time.GetElapsedTime(_notedAt) >= NotePeriod:
                Note();
                break;
            case DrainMessage:
                _isDraining = true;
                break;
            case LeaveMessage:
                Leave();
                return Task.CompletedTask;
        }

        return _peer.SendAsync(message, cancellationToken);
    }

    /// <summary>Tells the executor's grain that it lives.</summary>
    private void Note()
    {
        _notedAt = _scheduler.Time.GetTimestamp();
        _scheduler.Executors.Note(this);
    }

    /// <summary>Says so past everything else that is to be said, since nothing of that counts any more; and it is said before this process ends.</summary>
    private void Leave()
    {
        _peer.Close();
        Task told = _scheduler.TellAsync(new ExecutorCall(Number, new LeaveMessage()), CancellationToken.None);
        _scheduler.Executors.Say(() => told);
        _scheduler.Forget(this);
        _scheduler.Executors.Leave(this);
    }
}
