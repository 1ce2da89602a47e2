using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>Something that was asked of sessions can't be done now.</summary>
/// <param name="kind">What kind of reason.</param>
/// <param name="message">One sentence for a person.</param>
/// <param name="error">Why an interpreter is not there, or what its startup code failed with; else null.</param>
public sealed class SessionException(SessionFaultKind kind, string message, TaskError? error = null) : Exception(message)
{
    /// <summary>What kind of reason.</summary>
    public SessionFaultKind Kind { get; } = kind;

    /// <summary>Why an interpreter is not there, or what its startup code failed with; else null.</summary>
    public TaskError? Error { get; } = error;

    /// <summary>There is a session of that id with another spec.</summary>
    /// <param name="sessionId">The session.</param>
    public static SessionException Conflict(string sessionId) => new(
        SessionFaultKind.Conflict, $"session '{sessionId}' is open already, with another spec; close it first or choose another session_id");

    /// <summary>No more sessions may be opened.</summary>
    /// <param name="most">How many there may be; 0: none any more.</param>
    public static SessionException Full(int most) => new(
        SessionFaultKind.Full, $"{most} sessions are open, and no more may be (sessions.max); close one or try again later");

    /// <summary>No more executions may wait for a session.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="most">How many may wait.</param>
    public static SessionException Busy(string sessionId, int most) => new(
        SessionFaultKind.Busy, $"{most} executions wait for session '{sessionId}' already, and no more may; try again later");

    /// <summary>The interpreter of a session is gone.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Why.</param>
    public static SessionException Lost(string sessionId, TaskError reason) => new(
        SessionFaultKind.Lost, $"session '{sessionId}' has lost its interpreter: {reason.Message}; restart it (its variables are gone) or close it", reason);

    /// <summary>A session's startup code did not end well.</summary>
    /// <param name="error">What it failed with.</param>
    public static SessionException StartupFailed(TaskError error) => new(
        SessionFaultKind.StartupFailed, $"startup failed: {error.Type}: {error.Message}", error);

    /// <summary>Our own machinery could not start an interpreter.</summary>
    /// <param name="error">Why.</param>
    public static SessionException Unavailable(TaskError error) => new(SessionFaultKind.Unavailable, error.Message, error);
}

/// <summary>Why something can't be done with a session.</summary>
public enum SessionFaultKind
{
    /// <summary>There is a session of that id that was opened with another spec.</summary>
    Conflict,

    /// <summary>There are as many sessions as there may be.</summary>
    Full,

    /// <summary>Too many executions wait for it already.</summary>
    Busy,

    /// <summary>Its interpreter is gone.</summary>
    Lost,

    /// <summary>Its startup code did not end well.</summary>
    StartupFailed,

    /// <summary>Our own machinery could not start an interpreter; <see cref="SessionException.Error"/> says what.</summary>
    Unavailable,
}
