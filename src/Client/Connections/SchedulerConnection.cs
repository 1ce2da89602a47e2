using Executor.Execution;
using Executor.Executors;
using Executor.Grains.Executors;
using Executor.Grains.Scheduling;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Client.Connections;

/// <summary>
/// This process's way to a scheduler: what callers say while a call is in flight goes with the next, in order. When the scheduler has
/// moved to another silo, everything it must know is said again: the executors with what they run, and all that it has not answered.
/// </summary>
internal sealed partial class SchedulerConnection : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly ISchedulerGrain _scheduler;
    private readonly string? _silo;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _work = new(1);
    private readonly Dictionary<long, ClusterExecutorConnection> _connections = [];
    private readonly SortedDictionary<long, PendingCall> _unanswered = [];
    private Queue<Speaker> _outgoing = [];
    private Guid _connectionId = Guid.NewGuid();
    private bool _isFirst = true;
    private long _lastNumber;
    private long _lastConnection;
    private long _seen;
    private int _isDisposed;
    private Task _loops = Task.CompletedTask;

    /// <summary>A connection that does nothing before <see cref="Start"/>.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="executors">The grains of executors.</param>
    /// <param name="silo">The silo that this process is; null: it is a client.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what went wrong.</param>
    public SchedulerConnection(ISchedulerGrain scheduler, Func<string, IExecutorGrain> executors, string? silo, TimeProvider time, ILogger log)
    {
        (_scheduler, _silo, Time, _log) = (scheduler, silo, time, log);
        Executors = new ExecutorGrains(executors, silo, time, log);
    }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where executors are known beyond this process.</summary>
    public ExecutorGrains Executors { get; }

    /// <summary>Whether the scheduler has been reached, and has not been lost since.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_lock)
            {
                return !_isFirst;
            }
        }
    }

    /// <summary>Begins to talk to the scheduler, and to look for it as long as it is not there.</summary>
    public void Start() => _loops = Task.WhenAll(Task.Run(SendAllAsync), Task.Run(PullAllAsync));

    /// <summary>Asks, and waits for the answer.</summary>
    /// <exception cref="StorageException">The scheduler could not be reached; what was asked may have been done.</exception>
    public async Task<T> AskAsync<T>(SchedulerCall call, CancellationToken cancellationToken)
        where T : Answer
    {
        try
        {
            return (T)(await Add(call, isAnswered: true).Done.WaitAsync(CallTimeout, Time, cancellationToken))!;
        }
        catch (TimeoutException)
        {
            throw new StorageException("The cluster's scheduler could not be reached.", isTransient: true);
        }
    }

    /// <summary>Asks for what may take any time.</summary>
    public async Task<T> AwaitAsync<T>(SchedulerCall call)
        where T : Answer => (T)(await Add(call, isAnswered: true).Done)!;

    /// <summary>Says something, and waits until it has been taken.</summary>
    public Task TellAsync(SchedulerCall call, CancellationToken cancellationToken) => Add(call, isAnswered: false).Done.WaitAsync(cancellationToken);

    /// <summary>An executor has something to say. Its turn comes after what was said before.</summary>
    public void HasMore(ClusterExecutorConnection executor)
    {
        lock (_lock)
        {
            Enqueue(executor);
        }

        Signal();
    }

    /// <summary>See <see cref="IExecutorGateway.RegisterAsync"/>.</summary>
    public async Task<IExecutorConnection> RegisterAsync(RegisterMessage register, IExecutorLink link, CancellationToken cancellationToken)
    {
        // Before anything is stored of it.
        RegistrationCheck.Accept(register.Registration, lease: null);
        ExecutorAdmission admission = await Executors.AdmitAsync(register.Registration, cancellationToken);
        ClusterExecutorConnection connection;
        lock (_lock)
        {
            connection = new ClusterExecutorConnection(this, ++_lastConnection, admission, register, link);
            _connections.Add(connection.Number, connection);
        }

        try
        {
            await AskAsync<TruthAnswer>(connection.Register(), cancellationToken);
            return connection;
        }
        catch
        {
            Forget(connection);
            throw;
        }
    }

    /// <summary>The executor is none of the scheduler's any more.</summary>
    public void Forget(ClusterExecutorConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection.Number);
        }
    }

    /// <summary>Stops talking; whoever waits for an answer is told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await Executors.SettleAsync();
        await _stopping.CancelAsync();
        await _loops;
        PendingCall[] left;
        ClusterExecutorConnection[] connections;
        lock (_lock)
        {
            left = [.. _unanswered.Values, .. _outgoing.Select(speaker => speaker.Call).OfType<PendingCall>()];
            connections = [.. _connections.Values];
            _unanswered.Clear();
            _outgoing.Clear();
        }

        foreach (PendingCall call in left)
        {
            call.Fail(new ServiceStoppingException());
        }

        foreach (ClusterExecutorConnection connection in connections)
        {
            connection.Close("the server is stopping");
        }
    }

    private PendingCall Add(SchedulerCall call, bool isAnswered)
    {
        PendingCall pending = new(call, isAnswered);
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested)
            {
                pending.Fail(new ServiceStoppingException());
                return pending;
            }

            _outgoing.Enqueue(new Speaker(pending, null));
        }

        Signal();
        return pending;
    }

    private void Signal()
    {
        lock (_work)
        {
            if (_work.CurrentCount == 0)
            {
                _work.Release();
            }
        }
    }

    /// <summary>Begins another connection: the scheduler does not know this one.</summary>
    private void Reopen(Guid connectionId)
    {
        lock (_lock)
        {
            if (_connectionId != connectionId)
            {
                return;
            }

            Queue<Speaker> again = [];
            foreach (ClusterExecutorConnection connection in _connections.Values.Where(connection => connection.IsRegistered))
            {
                again.Enqueue(new Speaker(new PendingCall(connection.Register(), isAnswered: true), null));
            }

            foreach (Speaker speaker in _unanswered.Values.Select(call => new Speaker(call, null)).Concat(_outgoing))
            {
                if (speaker.Call is PendingCall call && IsSaidAgain(call.Call))
                {
                    call.Complete(null);
                }
                else
                {
                    again.Enqueue(speaker);
                }
            }

            _unanswered.Clear();
            _outgoing = again;
            _connectionId = Guid.NewGuid();
            _isFirst = true;
            _lastNumber = 0;
            _seen = 0;
        }

        Signal();
        _log.ConnectionLost();
    }

    /// <summary>The registration of an executor that has been registered before is said anew, with what it runs now.</summary>
    private bool IsSaidAgain(SchedulerCall call) =>
        call is RegisterCall register && _connections.TryGetValue(register.Connection, out ClusterExecutorConnection? connection) && connection.IsRegistered;

    /// <summary>Who is next to say something: whoever makes a call, or an executor, which says one thing at a time.</summary>
    private readonly record struct Speaker(PendingCall? Call, ClusterExecutorConnection? Executor);
}
