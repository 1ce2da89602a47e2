namespace Executor.Sessions;

/// <summary>There is a session of that id already, opened with another spec.</summary>
/// <param name="sessionId">The session.</param>
public sealed class SessionConflictException(string sessionId)
    : Exception($"session '{sessionId}' is open already, with another spec; close it first or choose another session_id");

/// <summary>There are as many sessions as there may be.</summary>
/// <param name="most">How many may be open.</param>
public sealed class SessionLimitException(int most)
    : Exception($"{most} sessions are open, and no more may be (sessions.max); close one or try again later")
{
    /// <summary>How many may be open.</summary>
    public int Most { get; } = most;
}

/// <summary>A session's interpreter is gone, with all variables.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="reason">Why.</param>
public sealed class SessionLostException(string sessionId, string reason)
    : Exception($"session '{sessionId}' has lost its interpreter: {reason}; restart it (its variables are gone) or close it")
{
    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Too many executions wait for a session.</summary>
/// <param name="sessionId">The session.</param>
/// <param name="most">How many may wait.</param>
public sealed class SessionBusyException(string sessionId, int most)
    : Exception($"{most} executions wait for session '{sessionId}' already, and no more may; try again later")
{
    /// <summary>How many may wait.</summary>
    public int Most { get; } = most;
}
