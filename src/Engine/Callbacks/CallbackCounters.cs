using Executor.Execution;
using Executor.Storage;

namespace Executor.Engine.Callbacks;

/// <summary>Counts callbacks. Any thread may tell it anything.</summary>
internal sealed class CallbackCounters
{
    private long _sent;
    private long _failed;
    private long _givenUp;
    private long _waiting;
    private long _dead;
    private int _isChanged = 1;

    /// <summary>There is one more.</summary>
    public void Added() => Volatile.Write(ref _isChanged, 1);

    /// <summary>A result was delivered.</summary>
    public void Sent() => Add(ref _sent);

    /// <summary>A post failed.</summary>
    public void Failed() => Add(ref _failed);

    /// <summary>A callback was given up.</summary>
    public void GivenUp() => Add(ref _givenUp);

    /// <summary>Whether anything has happened since it was asked before.</summary>
    public bool TakeChanged() => Interlocked.Exchange(ref _isChanged, 0) == 1;

    /// <summary>The store has counted them.</summary>
    public void Count(CallbackCounts counts)
    {
        Volatile.Write(ref _waiting, counts.Waiting);
        Volatile.Write(ref _dead, counts.Dead);
    }

    public CallbackMetrics ToMetrics() => new(
        Volatile.Read(ref _sent), Volatile.Read(ref _failed), Volatile.Read(ref _givenUp), Volatile.Read(ref _waiting), Volatile.Read(ref _dead));

    private void Add(ref long count)
    {
        Interlocked.Increment(ref count);
        Volatile.Write(ref _isChanged, 1);
    }
}
