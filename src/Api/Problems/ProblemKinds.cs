using System.Globalization;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Problems;

/// <summary>Every kind of problem that a request can end with.</summary>
internal static class ProblemKinds
{
    private const int MaxErrors = 100;

    private static readonly TimeSpan SessionRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StorageRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopRetry = TimeSpan.FromSeconds(5);

    /// <summary>What a client is told of a failure; what nobody has a name for is <see cref="Internal"/>.</summary>
    public static ProblemException Of(Exception failed) => failed switch
    {
        ProblemException problem => problem,
        InvalidInputException invalid => Invalid(invalid.Faults),
        SessionException session => OfSession(session),
        QueueFullException full => QueueFull(full),
        ServiceStoppingException stopping => Unavailable(ProblemTypes.Stopping, stopping.Message, StopRetry),
        StorageException { IsTransient: true } => Unavailable(ProblemTypes.StorageUnavailable, "the storage can't be reached at the moment", StorageRetry),
        BadHttpRequestException bad => new ProblemException(OfFramework(bad.StatusCode, bad.Message)),
        _ => Internal(),
    };

    public static ProblemException Invalid(IReadOnlyList<FieldProblem> errors) => new(Of(
        StatusCodes.Status400BadRequest,
        ProblemTypes.InvalidRequest,
        "The request is not valid",
        string.Join("; ", errors.Take(3).Select(error => error.Field.Length == 0 ? error.Message : $"{error.Field}: {error.Message}"))
            + (errors.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $"; and {errors.Count - 3} more") : "")) with
    {
        Errors = [.. errors.Take(MaxErrors)],
    });

    public static ProblemException Invalid(IEnumerable<ValidationFault> faults) => Invalid([.. faults.Select(FieldProblem.Of)]);

    public static ProblemException Invalid(string field, string message) => Invalid([new FieldProblem(field, message)]);

    public static ProblemException Unauthorized(string detail) =>
        new(Of(StatusCodes.Status401Unauthorized, ProblemTypes.Unauthorized, "An API key is needed", detail));

    public static ProblemException Forbidden(string detail) => new(Of(StatusCodes.Status403Forbidden, ProblemTypes.Forbidden, "Refused", detail));

    public static ProblemException NotFound(string what, string id) =>
        new(Of(StatusCodes.Status404NotFound, ProblemTypes.NotFound, "Not found", $"there is no {what} '{Shown(id)}'"));

    public static ProblemException Conflict(string detail) =>
        new(Of(StatusCodes.Status409Conflict, ProblemTypes.Conflict, "It can't be done as things are", detail));

    public static ProblemException BodyTooLarge(string detail) =>
        new(Of(StatusCodes.Status413PayloadTooLarge, ProblemTypes.BodyTooLarge, "The body is too large", detail));

    public static ProblemException UnsupportedMedia(string detail) =>
        new(Of(StatusCodes.Status415UnsupportedMediaType, ProblemTypes.UnsupportedMediaType, "The body's type is not supported", detail));

    public static ProblemException TooManyRequests(string detail, TimeSpan retryAfter) =>
        new(Of(StatusCodes.Status429TooManyRequests, ProblemTypes.TooManyRequests, "Too many requests", detail), retryAfter);

    public static ProblemException QueueFull(QueueFullException full) =>
        new(Of(StatusCodes.Status503ServiceUnavailable, ProblemTypes.QueueFull, "Too many tasks wait", full.Message) with { Waiting = full.Waiting, Maximum = full.Maximum }, full.RetryAfter);

    public static ProblemException OfSession(SessionException failed) => failed.Kind switch
    {
        SessionFaultKind.Conflict => Conflict(failed.Message),
        SessionFaultKind.Lost => OfSession(StatusCodes.Status409Conflict, ProblemTypes.SessionLost, "The session has lost its interpreter", failed.Message, failed),
        SessionFaultKind.Busy => new(Of(StatusCodes.Status429TooManyRequests, ProblemTypes.SessionBusy, "Too many executions wait", failed.Message), SessionRetry),
        SessionFaultKind.Full => Unavailable(ProblemTypes.SessionsFull, failed.Message, SessionRetry),
        SessionFaultKind.StartupFailed => OfSession(
            StatusCodes.Status400BadRequest, ProblemTypes.StartupFailed, "The startup code failed", failed.Error?.Traceback ?? failed.Message, failed),
        _ => OfSession(
            StatusCodes.Status503ServiceUnavailable, ProblemTypes.InterpreterUnavailable, "No interpreter can be had", $"{failed.Error?.Type}: {failed.Message}", failed),
    };

    public static ProblemException Unavailable(string type, string detail, TimeSpan retryAfter) =>
        new(Of(StatusCodes.Status503ServiceUnavailable, type, "Not available at the moment", detail), retryAfter);

    public static ProblemException Internal() => new(Of(
        StatusCodes.Status500InternalServerError, ProblemTypes.Internal, "The server failed", "something failed inside the server; its log says what"));

    /// <summary>A status that was set without a word about it.</summary>
    public static Problem OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Of(
            StatusCodes.Status404NotFound, ProblemTypes.NotFound, "Not found", $"there is nothing at {Shown(context.Request.Path)}; /openapi/v1.json lists what there is"),
        StatusCodes.Status405MethodNotAllowed => Of(
            StatusCodes.Status405MethodNotAllowed,
            ProblemTypes.MethodNotAllowed,
            "The method is not allowed",
            $"{Shown(context.Request.Method)} is not possible at {Shown(context.Request.Path)}; possible there: {context.Response.Headers.Allow}"),
        int status => OfFramework(status, null),
    };

    /// <summary>What the framework itself refused: a body that came too slowly or ended early, say.</summary>
    public static Problem OfFramework(int status, string? detail) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Of(status, ProblemTypes.BodyTooLarge, "The body is too large", detail),
        StatusCodes.Status408RequestTimeout => Of(status, ProblemTypes.RequestTimeout, "The request came too slowly", detail),
        >= 500 => Of(status, ProblemTypes.Internal, "The server failed", detail),
        _ => Of(status, ProblemTypes.InvalidRequest, "The request is not valid", detail),
    };

    private static ProblemException OfSession(int status, string type, string title, string detail, SessionException failed) =>
        new(Of(status, type, title, detail) with { Error = failed.Error });

    private static Problem Of(int status, string type, string title, string? detail) =>
        new() { Type = type, Title = title, Status = status, Detail = detail };

    private static string Shown(string text) => QuotedText.Cut(text);
}
