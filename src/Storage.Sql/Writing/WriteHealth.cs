namespace Executor.Storage.Sql.Writing;

/// <summary>How the last transactions went. A store that has just been opened has written.</summary>
internal sealed class WriteHealth(TimeProvider time)
{
    private long _succeededAt = time.GetTimestamp();
    private volatile string? _cause;

    /// <summary>Since a transaction was committed.</summary>
    public TimeSpan SinceSuccess => time.GetElapsedTime(Volatile.Read(ref _succeededAt));

    /// <summary>Why the last one was not; null: it was, or nobody knows.</summary>
    public string? Cause => _cause;

    /// <summary>A transaction was committed.</summary>
    public void Succeed()
    {
        Volatile.Write(ref _succeededAt, time.GetTimestamp());
        _cause = null;
    }

    /// <summary>One failed.</summary>
    public void Fail(StorageException failure) => _cause = failure.Cause;
}
