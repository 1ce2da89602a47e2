using Executor.Clocks;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Engine.Sessions;

/// <summary>The sessions that this process holds: as many as it may. Who opened one looks after it. Safe to call from many threads.</summary>
/// <param name="start">Starts an interpreter.</param>
/// <param name="check">Says why a spec can't be had here, valid as it may be; empty when it can.</param>
/// <param name="options">How many.</param>
/// <param name="time">The clock.</param>
public sealed class SessionHost(
    Func<SessionSpec, CancellationToken, Task<IInterpreter>> start,
    Func<SessionSpec, IReadOnlyList<ValidationFault>> check,
    SessionOptions options,
    TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Session> _sessions = [];
    private bool _isDraining;

    /// <summary>How many, and for how long.</summary>
    public SessionOptions Options { get; } = options;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = SteadyTime.Over(time);

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Says everything that is wrong with a spec.</summary>
    /// <exception cref="InvalidInputException">Something is.</exception>
    public void Check(SessionSpec spec)
    {
        IReadOnlyList<ValidationFault> faults = SessionValidator.Validate(spec);
        faults = faults.Count == 0 ? check(spec) : faults;
        if (faults.Count > 0)
        {
            throw new InvalidInputException(faults);
        }
    }

    /// <summary>Begins to open a session, which is STARTING then.</summary>
    /// <param name="spec">What is asked, with an id.</param>
    /// <exception cref="InvalidInputException">The spec can't be accepted.</exception>
    /// <exception cref="SessionException">There are as many as there may be.</exception>
    public Session Open(SessionSpec spec)
    {
        Check(spec);
        Session session = new(spec, token => start(spec, token), this);
        lock (_lock)
        {
            if (_isDraining || _sessions.Count >= Options.Max)
            {
                throw SessionException.Full(_isDraining ? 0 : Options.Max);
            }

            _sessions.Add(session);
        }

        session.Restart();
        return session;
    }

    /// <summary>Opens no more and waits until nothing is executed, or the time is up.</summary>
    public async Task DrainAsync(CancellationToken grace)
    {
        Session[] left;
        lock (_lock)
        {
            _isDraining = true;
            left = [.. _sessions];
        }

        await Task.WhenAll(left.Select(session => session.WaitIdleAsync())).WaitAsync(grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal void Forget(Session session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
        }
    }
}
