namespace Executor.Http;

/// <summary>Why a server did not do what it was asked.</summary>
public enum HttpFaultKind
{
    /// <summary>There is no host of that name.</summary>
    HostNotFound,

    /// <summary>The host is there, but nothing listens at the port.</summary>
    NothingListens,

    /// <summary>No connection could be made, it was lost, or no answer came in time.</summary>
    Unreachable,

    /// <summary>No secure connection could be made: its certificate is not trusted, say.</summary>
    NotSecure,

    /// <summary>What answers is no Executor server, or one that we don't understand.</summary>
    NotUnderstood,

    /// <summary>It wants an API key, or does not know ours.</summary>
    Unauthorized,

    /// <summary>The request is larger than it takes (<c>server.max_body_mb</c>): less at once may do.</summary>
    TooLarge,

    /// <summary>The answer is larger than we take (<see cref="HttpServiceOptions.MaxAnswerMb"/>).</summary>
    AnswerTooLarge,

    /// <summary>It is too busy; later may do.</summary>
    Busy,

    /// <summary>It refuses the request for a reason of its own; <see cref="HttpServiceException.Problem"/> says which.</summary>
    Refused,

    /// <summary>It failed.</summary>
    Failed,
}
