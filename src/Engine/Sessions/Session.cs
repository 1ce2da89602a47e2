using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Engine.Sessions;

/// <summary>
/// One session: its interpreter, made anew when it is restarted, and what is executed in it, one after the other. Made by
/// <see cref="SessionHost"/>. Disposing it closes it. Safe to call from many threads.
/// </summary>
/// <remarks>A life is the time from a start to the next: what waits or runs in one ends with it.</remarks>
public sealed partial class Session : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<IInterpreter>> _start;
    private readonly SessionHost _host;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _createdAt;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private CancellationTokenSource _life = new();
    private Task _ready = Task.CompletedTask;
    private SessionStatus _status = SessionStatus.Starting;
    private TaskError? _error;
    private DateTimeOffset _lastUsed;
    private bool _isClosed;
    private int _restarts;
    private int _inLine;
    private long _executions;

    // Changed by who has the turn.
    private volatile IInterpreter? _interpreter;

    internal Session(SessionSpec spec, Func<CancellationToken, Task<IInterpreter>> start, SessionHost host)
    {
        (Spec, _start, _host, _time) = (spec, start, host, host.Time);
        _createdAt = _lastUsed = _time.GetUtcNow();
    }

    /// <summary>What was asked, with its id.</summary>
    public SessionSpec Spec { get; }

    /// <summary>Its id.</summary>
    public string Id => Spec.SessionId!;

    /// <summary>Completes when its interpreter is ready; a restart begins another wait.</summary>
    /// <exception cref="SessionException">It could not be started, or its startup code failed: the session is LOST.</exception>
    /// <exception cref="OperationCanceledException">It was restarted or closed meanwhile.</exception>
    public Task Ready
    {
        get
        {
            lock (_lock)
            {
                return _ready;
            }
        }
    }

    /// <summary>Whether nothing has been executed for so long that it is to be closed.</summary>
    public bool IsExpired
    {
        get
        {
            lock (_lock)
            {
                return _status is SessionStatus.Ready or SessionStatus.Lost && _inLine == 0 && _time.GetUtcNow() - _lastUsed >= IdleTimeout;
            }
        }
    }

    /// <summary>As it is now.</summary>
    public SessionInfo Info
    {
        get
        {
            lock (_lock)
            {
                InterpreterPlace? place = _interpreter?.Place;
                return new SessionInfo
                {
                    SessionId = Id,
                    Name = Spec.Name,
                    Status = _status,
                    RuntimeId = place?.RuntimeId ?? Spec.Language,
                    ExecutorType = place?.ExecutorType ?? Spec.Runner,
                    ConfigId = place?.ConfigId ?? Spec.Executor,
                    Hostname = Environment.MachineName,
                    Restarts = _restarts,
                    Executions = _executions,
                    Waiting = _status == SessionStatus.Busy ? _inLine - 1 : _inLine,
                    CreateTimeMs = _createdAt.ToUnixTimeMilliseconds(),
                    LastUsedTimeMs = _lastUsed.ToUnixTimeMilliseconds(),
                    IdleTimeout = IdleTimeout.TotalSeconds,
                    Error = _error,
                    Details = Spec.Details,
                };
            }
        }
    }

    private TimeSpan IdleTimeout => Spec.IdleTimeout ?? _host.Options.IdleTimeout;

    /// <summary>Interrupts what is executed now; nothing when nothing is.</summary>
    public Task InterruptAsync(CancellationToken cancellationToken) => _interpreter?.InterruptAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>Begins to end the interpreter, whatever it does, and to start another: <see cref="Ready"/> tells when.</summary>
    /// <exception cref="ObjectDisposedException">The session is closed.</exception>
    public void Restart()
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            before = _life;
            CancellationTokenSource life = _life = new CancellationTokenSource();
            Task last = _ready;
            (_status, _error, _lastUsed) = (SessionStatus.Starting, null, _time.GetUtcNow());
            _ready = Task.Run(() => StartAsync(last, life));
            // Who does not wait for it finds it LOST.
            _ = _ready.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        before.Cancel();
    }

    /// <summary>Closes it: what is executed is broken off.</summary>
    public async ValueTask DisposeAsync()
    {
        CancellationTokenSource life;
        Task ready;
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            (_status, _error) = (SessionStatus.Lost, new TaskError { Type = TaskErrorTypes.Cancelled, Message = "it was closed" });
            (life, ready) = (_life, _ready);
        }

        await life.CancelAsync();
        await ready.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _turn.WaitAsync();
        if (_interpreter is IInterpreter interpreter)
        {
            await interpreter.DisposeAsync();
        }

        _host.Forget(this);
        _turn.Release();
    }

    /// <summary>Completes when nothing is executed. More may come.</summary>
    internal async Task WaitIdleAsync()
    {
        await _turn.WaitAsync();
        _turn.Release();
    }

    /// <summary>Its interpreter is gone, or can't be had. Nobody is told when it was restarted or closed meanwhile.</summary>
    private void Lose(CancellationTokenSource life, TaskError reason)
    {
        lock (_lock)
        {
            if (life == _life && !_isClosed)
            {
                (_status, _error) = (SessionStatus.Lost, reason);
            }
        }
    }

    private void ThrowIfLost()
    {
        if (_status == SessionStatus.Lost)
        {
            throw SessionException.Lost(Id, _error!);
        }
    }

    private TimeSpan TimeoutOf(IInterpreter interpreter, TimeSpan? asked) => asked ?? Spec.Timeout ?? interpreter.Place.Timeout;
}
