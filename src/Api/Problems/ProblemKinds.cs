using System.Globalization;
using Executor.Api.Wire;
using Executor.Execution;
using Executor.Sessions;
using Executor.Tasks;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Problems;

/// <summary>Every kind of problem that a request can end with.</summary>
internal static class ProblemKinds
{
    private const int MaxErrors = 100;

    private static readonly TimeSpan SessionRetry = TimeSpan.FromSeconds(2);

    public static ProblemException Invalid(IReadOnlyList<FieldProblem> errors) => new(Of(
        StatusCodes.Status400BadRequest,
        "invalid-request",
        "The request is not valid",
        string.Join("; ", errors.Take(3).Select(error => error.Field.Length == 0 ? error.Message : $"{error.Field}: {error.Message}"))
            + (errors.Count > 3 ? string.Create(CultureInfo.InvariantCulture, $"; and {errors.Count - 3} more") : "")) with
    {
        Errors = [.. errors.Take(MaxErrors)],
    });

    public static ProblemException Invalid(IEnumerable<ValidationFault> faults) => Invalid([.. faults.Select(FieldProblem.Of)]);

    public static ProblemException Invalid(string field, string message) => Invalid([new FieldProblem(field, message)]);

    public static ProblemException Unauthorized(string detail) =>
        new(Of(StatusCodes.Status401Unauthorized, "unauthorized", "An API key is needed", detail));

    public static ProblemException Forbidden(string detail) => new(Of(StatusCodes.Status403Forbidden, "forbidden", "Refused", detail));

    public static ProblemException NotFound(string what, string id) =>
        new(Of(StatusCodes.Status404NotFound, "not-found", "Not found", $"there is no {what} '{Shown(id)}'"));

    public static ProblemException Conflict(string detail) => new(ConflictOf(detail));

    public static Problem TaskIdTaken(string taskId) => ConflictOf($"another task has the task_id '{taskId}'; choose another id, or leave it out to be given one");

    public static ProblemException BodyTooLarge(string detail) =>
        new(Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large", detail));

    public static ProblemException UnsupportedMedia(string detail) =>
        new(Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body's type is not supported", detail));

    public static ProblemException TooManyRequests(string detail, TimeSpan retryAfter) =>
        new(Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests", detail), retryAfter);

    public static ProblemException QueueFull(QueueFullException full) =>
        new(Of(StatusCodes.Status503ServiceUnavailable, "queue-full", "Too many tasks wait", full.Message), full.RetryAfter);

    public static ProblemException OfSession(SessionException failed) => failed.Kind switch
    {
        SessionFaultKind.Conflict => Conflict(failed.Message),
        SessionFaultKind.Lost => new(Of(StatusCodes.Status409Conflict, "session-lost", "The session has lost its interpreter", failed.Message)),
        SessionFaultKind.Busy => TooManyRequests(failed.Message, SessionRetry),
        SessionFaultKind.Full => Unavailable("sessions-full", failed.Message, SessionRetry),
        SessionFaultKind.StartupFailed => new(Of(
            StatusCodes.Status400BadRequest, "startup-failed", "The startup code failed", failed.Error?.Traceback ?? failed.Message)),
        _ => new(Of(StatusCodes.Status503ServiceUnavailable, "interpreter-unavailable", "No interpreter can be had", $"{failed.Error?.Type}: {failed.Message}")),
    };

    public static ProblemException Unavailable(string kind, string detail, TimeSpan retryAfter) =>
        new(Of(StatusCodes.Status503ServiceUnavailable, kind, "Not available at the moment", detail), retryAfter);

    public static ProblemException Internal() => new(Of(
        StatusCodes.Status500InternalServerError, "internal", "The server failed", "something failed inside the server; its log says what"));

    /// <summary>A status that was set without a word about it.</summary>
    public static Problem OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Of(
            StatusCodes.Status404NotFound, "not-found", "Not found", $"there is nothing at {Shown(context.Request.Path)}; /openapi/v1.json lists what there is"),
        StatusCodes.Status405MethodNotAllowed => Of(
            StatusCodes.Status405MethodNotAllowed,
            "method-not-allowed",
            "The method is not allowed",
            $"{Shown(context.Request.Method)} is not possible at {Shown(context.Request.Path)}; possible there: {context.Response.Headers.Allow}"),
        int status => OfFramework(status, null),
    };

    /// <summary>What the framework itself refused: a body that came too slowly or ended early, say.</summary>
    public static Problem OfFramework(int status, string? detail) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => Of(status, "body-too-large", "The body is too large", detail),
        StatusCodes.Status408RequestTimeout => Of(status, "request-timeout", "The request came too slowly", detail),
        >= 500 => Of(status, "internal", "The server failed", detail),
        _ => Of(status, "invalid-request", "The request is not valid", detail),
    };

    private static Problem ConflictOf(string detail) => Of(StatusCodes.Status409Conflict, "conflict", "It can't be done as things are", detail);

    private static Problem Of(int status, string kind, string title, string? detail) =>
        new() { Type = $"urn:executor:problem:{kind}", Title = title, Status = status, Detail = detail };

    private static string Shown(string text) => QuotedText.Cut(text);
}
