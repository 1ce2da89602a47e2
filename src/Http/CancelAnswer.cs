using System.Net;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>What the answer to a cancel says.</summary>
internal static class CancelAnswer
{
    /// <summary>Problems that are an answer.</summary>
    public static IReadOnlyList<HttpStatusCode> Expected { get; } = [HttpStatusCode.NotFound, HttpStatusCode.Conflict];

    /// <summary>What came of it.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="alreadyEnded">Whether it says that it had ended before.</param>
    public static CancelOutcome OutcomeOf(HttpStatusCode status, bool alreadyEnded) => status switch
    {
        HttpStatusCode.NotFound => CancelOutcome.NotFound,
        HttpStatusCode.Conflict => CancelOutcome.AlreadyEnded,
        HttpStatusCode.Accepted => CancelOutcome.Requested,
        _ => alreadyEnded ? CancelOutcome.AlreadyEnded : CancelOutcome.Cancelled,
    };
}
