using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Runners;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Client.Fronts;

/// <summary>An executor that is registered through this process. It outlives the scheduler's moves: the front says its registration again.</summary>
internal sealed class FrontConnection(
    SchedulerFront front, long number, ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link) : IExecutorConnection
{
    private readonly Lock _lock = new();
    private readonly HashSet<TaskAttempt> _held = [.. running];
    private readonly List<TaskAttempt> _stale = [];
    private bool _isClosed;
    private bool _isDraining;
    private bool _isDisconnected;

    public long Number { get; } = number;

    /// <summary>Whether it has been registered once.</summary>
    public bool IsAttached { get; private set; }

    /// <inheritdoc/>
    public TimeSpan? Lease { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<TaskAttempt> Stale { get; private set; } = [];

    /// <summary>What a scheduler that knows nothing of it must be told.</summary>
    public IEnumerable<FrontCall> Again()
    {
        lock (_lock)
        {
            List<FrontCall> calls = [];
            if (IsAttached && !_isClosed)
            {
                calls.Add(new RegisterCall(Number, registration, [.. _held]));
                if (_isDraining)
                {
                    calls.Add(new ConnectionCall(Number, ConnectionChange.Drain));
                }

                if (_isDisconnected)
                {
                    calls.Add(new ConnectionCall(Number, ConnectionChange.Disconnected));
                }
            }

            return calls;
        }
    }

    /// <summary>Takes what the scheduler says of it.</summary>
    public void Take(News news)
    {
        switch (news)
        {
            case RegisteredAnswer registered:
                Attach(registered);
                break;
            case FaultAnswer when IsAttached:
                CloseFor("the cluster does not take it any more");
                break;
            case HeartbeatAnswer { Stale: null }:
                CloseFor("it is not registered any more");
                break;
            case HeartbeatAnswer heartbeat:
                Stop(heartbeat.Stale);
                break;
            case RunNews run:
                Run(new TaskAssignment(run.Spec, run.Attempt, run.GpuDevices));
                break;
            case StopNews stop:
                link.Cancel(stop.Task);
                break;
            case DrainNews:
                _isDraining = true;
                link.Drain();
                break;
            case CloseNews close:
                CloseFor(close.Reason);
                break;
        }
    }

    /// <summary>It is closed by the other side.</summary>
    public void CloseFor(string reason)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        front.Forget(this);
        link.Close(reason);
    }

    /// <inheritdoc/>
    // The scheduler's answer takes a while; what it says no longer belongs here is stopped when it comes, and named the next time.
    public IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            front.Post(new HeartbeatCall(Number, running), isAnswered: true);
            TaskAttempt[] stale = [.. _stale];
            _stale.Clear();
            return stale;
        }
    }

    /// <inheritdoc/>
    public async ValueTask OutputAsync(TaskAttempt task, OutputStream stream, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (!IsHeld(task))
        {
            return;
        }

        try
        {
            await front.TellAsync(new OutputCall(Number, task, stream, data.ToArray()), cancellationToken);
        }
        catch (ServiceStoppingException)
        {
            // The result has it all.
        }
    }

    /// <inheritdoc/>
    public async Task<bool> ReportAsync(TaskAttempt task, TaskResult result)
    {
        try
        {
            return !_isClosed && (await front.AwaitAsync<TruthAnswer>(new ReportCall(Number, task, result))).IsTrue;
        }
        catch (ServiceStoppingException)
        {
            return false;
        }
        finally
        {
            lock (_lock)
            {
                _held.Remove(task);
            }
        }
    }

    /// <inheritdoc/>
    public void Drain()
    {
        _isDraining = true;
        front.Post(new ConnectionCall(Number, ConnectionChange.Drain));
    }

    /// <inheritdoc/>
    public void Disconnected()
    {
        _isDisconnected = true;
        front.Post(new ConnectionCall(Number, ConnectionChange.Disconnected));
    }

    /// <inheritdoc/>
    public void Leave()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        front.Post(new ConnectionCall(Number, ConnectionChange.Leave));
        front.Forget(this);
    }

    private void Attach(RegisteredAnswer registered)
    {
        bool isAgain;
        lock (_lock)
        {
            isAgain = IsAttached;
            IsAttached = true;
            Lease = registered.Lease;
            Stale = registered.Stale;
            _held.ExceptWith(registered.Stale);
        }

        if (isAgain)
        {
            Stop(registered.Stale);
        }
        else
        {
            link.Attach(this);
        }
    }

    private void Run(TaskAssignment assignment)
    {
        lock (_lock)
        {
            if (!_held.Add(assignment.Task))
            {
                return;
            }

            // What an earlier scheduler did not know under this number must not stop it now.
            _stale.Remove(assignment.Task);
        }

        link.Run(assignment);
    }

    private void Stop(IReadOnlyList<TaskAttempt> stale)
    {
        lock (_lock)
        {
            _held.ExceptWith(stale);
            _stale.AddRange(stale);
        }

        foreach (TaskAttempt task in stale)
        {
            link.Cancel(task);
        }
    }

    private bool IsHeld(TaskAttempt task)
    {
        lock (_lock)
        {
            return !_isClosed && _held.Contains(task);
        }
    }
}
