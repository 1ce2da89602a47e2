namespace Executor.Http.Wire;

/// <summary>The <see cref="Problem.Type"/>s there are; <c>docs/http-api.md</c> says what to do about each.</summary>
public static class ProblemTypes
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "urn:executor:problem:";

    /// <summary>The body, a field or a parameter is not valid.</summary>
    public const string InvalidRequest = Prefix + "invalid-request";

    /// <summary>No key, or a wrong one.</summary>
    public const string Unauthorized = Prefix + "unauthorized";

    /// <summary>A web page of somebody else may have sent it.</summary>
    public const string Forbidden = Prefix + "forbidden";

    /// <summary>No such task, executor, job, session or address.</summary>
    public const string NotFound = Prefix + "not-found";

    /// <summary>The address has no such method.</summary>
    public const string MethodNotAllowed = Prefix + "method-not-allowed";

    /// <summary>The body came too slowly, or stopped coming.</summary>
    public const string RequestTimeout = Prefix + "request-timeout";

    /// <summary>Another task or session has the id; what was to be cancelled has ended.</summary>
    public const string Conflict = Prefix + "conflict";

    /// <summary>The body is over <c>server.max_body_mb</c>.</summary>
    public const string BodyTooLarge = Prefix + "body-too-large";

    /// <summary>A wrong type, charset or encoding of the body.</summary>
    public const string UnsupportedMediaType = Prefix + "unsupported-media-type";

    /// <summary>More requests a second than one client may send.</summary>
    public const string TooManyRequests = Prefix + "too-many-requests";

    /// <summary>As many tasks wait as may.</summary>
    public const string QueueFull = Prefix + "queue-full";

    /// <summary>As many executions wait for a session as may.</summary>
    public const string SessionBusy = Prefix + "session-busy";

    /// <summary>The session's interpreter is gone.</summary>
    public const string SessionLost = Prefix + "session-lost";

    /// <summary>As many sessions are open as may be.</summary>
    public const string SessionsFull = Prefix + "sessions-full";

    /// <summary>A session's startup code failed.</summary>
    public const string StartupFailed = Prefix + "startup-failed";

    /// <summary>A session's interpreter could not be started.</summary>
    public const string InterpreterUnavailable = Prefix + "interpreter-unavailable";

    /// <summary>The memory for large bodies is in use.</summary>
    public const string Busy = Prefix + "busy";

    /// <summary>The server is being stopped.</summary>
    public const string Stopping = Prefix + "stopping";

    /// <summary>The server is about to end.</summary>
    public const string Draining = Prefix + "draining";

    /// <summary>The database does not answer.</summary>
    public const string StorageUnavailable = Prefix + "storage-unavailable";

    /// <summary>A fault of the server.</summary>
    public const string Internal = Prefix + "internal";
}
