using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Executors;
using Executor.Grains.Scheduling;
using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Client.Connections;

/// <summary>An executor that is registered through this process. It outlives the scheduler's moves: its registration is said again.</summary>
internal sealed partial class ClusterExecutorConnection(
    SchedulerConnection scheduler, long number, ExecutorAdmission admission, ExecutorRegistration registration, IReadOnlyList<TaskAttempt> running, IExecutorLink link)
    : IExecutorConnection
{
    /// <summary>How often the executor's grain is told that it lives.</summary>
    private static readonly TimeSpan NotePeriod = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HashSet<TaskAttempt> _held = [.. running];
    private readonly List<TaskAttempt> _stale = [];
    private bool _isClosed;
    private bool _isDraining = admission.IsDrained;
    private bool _isDisconnected;
    private long _notedAt;

    public long Number { get; } = number;

    public string ExecutorId { get; } = registration.ExecutorId;

    /// <summary>The number by which the executor's grain knows it.</summary>
    public long Admission { get; } = admission.Connection;

    /// <summary>Whether it has been registered once.</summary>
    public bool IsAttached { get; private set; }

    /// <inheritdoc/>
    public TimeSpan? Lease { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<TaskAttempt> Stale { get; private set; } = [];

    /// <summary>What registers it.</summary>
    public RegisterCall Register()
    {
        lock (_lock)
        {
            return new RegisterCall(Number, registration, [.. _held], Admission, _isDraining);
        }
    }

    /// <summary>What a scheduler that knows nothing of it must be told.</summary>
    public IEnumerable<SchedulerCall> Again()
    {
        lock (_lock)
        {
            List<SchedulerCall> calls = [];
            if (IsAttached && !_isClosed)
            {
                calls.Add(Register());
                if (_isDisconnected)
                {
                    calls.Add(new ConnectionCall(Number, ConnectionChange.Disconnected));
                }
            }

            return calls;
        }
    }

    /// <inheritdoc/>
    // The scheduler's answer takes a while; what it says no longer belongs here is stopped when it comes, and named the next time.
    public IReadOnlyList<TaskAttempt>? Heartbeat(IReadOnlyList<TaskAttempt> running)
    {
        TaskAttempt[] stale;
        lock (_lock)
        {
            if (_isClosed)
            {
                return null;
            }

            stale = [.. _stale];
            _stale.Clear();
        }

        // Not under the lock: the scheduler's connection asks under its own what is to be said again.
        scheduler.Post(new HeartbeatCall(Number, running), isAnswered: true);
        if (scheduler.Time.GetElapsedTime(_notedAt) >= NotePeriod)
        {
            Note();
        }

        return stale;
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
            await scheduler.TellAsync(new OutputCall(Number, task, stream, data.ToArray()), cancellationToken);
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
            return !_isClosed && (await scheduler.AwaitAsync<TruthAnswer>(new ReportCall(Number, task, result))).IsTrue;
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
        scheduler.Post(new ConnectionCall(Number, ConnectionChange.Drain));
    }

    /// <inheritdoc/>
    public void Disconnected()
    {
        _isDisconnected = true;
        scheduler.Post(new ConnectionCall(Number, ConnectionChange.Disconnected));
    }

    /// <inheritdoc/>
    public void Leave()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        scheduler.Executors.Say(() => scheduler.TellAsync(new ConnectionCall(Number, ConnectionChange.Leave), CancellationToken.None));
        scheduler.Forget(this);
        scheduler.Executors.Leave(this);
    }

    private void Note()
    {
        _notedAt = scheduler.Time.GetTimestamp();
        scheduler.Executors.Note(this);
    }

    private bool IsHeld(TaskAttempt task)
    {
        lock (_lock)
        {
            return !_isClosed && _held.Contains(task);
        }
    }
}
