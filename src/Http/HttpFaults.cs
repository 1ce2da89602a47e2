using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Executor.Execution;
using Executor.Http.Wire;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Http;

/// <summary>Makes the exceptions of the service's contract, and our own, of what a server answers or fails with.</summary>
/// <param name="options">How the server is reached.</param>
internal sealed class HttpFaults(HttpServiceOptions options)
{
    private static readonly TimeSpan ShortRetry = TimeSpan.FromSeconds(1);

    private readonly string _server = options.Server.AbsoluteUri.TrimEnd('/');

    /// <summary>Whether it is a lost connection, not a fault of ours or an answer.</summary>
    public static bool IsLost(Exception failed) => failed is HttpRequestException or IOException;

    /// <summary>Whether another attempt may do better.</summary>
    public static bool CanChange(Exception failed) => failed is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.SecureConnectionError or HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError,
    };

    /// <summary>Whether the server, or a proxy before it, is too busy for it at the moment, so that to ask again may do.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="problem">What it says; null: nothing of ours.</param>
    public static bool IsBusy(HttpStatusCode status, Problem? problem) =>
        (int)status is 429 or 502 or 503 or 504 && problem?.Type != ProblemTypes.InterpreterUnavailable;

    /// <summary>Reads an answer that is no success; null: it is not one that our servers give.</summary>
    public static async Task<Problem?> ReadAsync(HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) != true)
        {
            return null;
        }

        try
        {
            Problem? problem = await JsonSerializer.DeserializeAsync(body, ApiJson.Wire.Problem, cancellationToken);
            return problem?.Type.StartsWith(ProblemTypes.Prefix, StringComparison.Ordinal) == true ? problem with { Status = (int)response.StatusCode } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A connection that could not be made, or was lost.</summary>
    public HttpServiceException OfConnection(Exception failed) => failed switch
    {
        OperationCanceledException => Unreachable($"{_server} took the connection but does not answer", failed),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new HttpServiceException(HttpFaultKind.HostNotFound, $"{_server}: there is no host '{options.Server.Host}'", inner: failed),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new HttpServiceException(HttpFaultKind.NotSecure, $"{_server}: no secure connection: {failed.GetBaseException().Message}", inner: failed),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } when Cause(failed) == SocketError.ConnectionRefused =>
            new HttpServiceException(HttpFaultKind.NothingListens, $"nothing listens at {_server}", inner: failed),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Unreachable($"{_server} can't be reached: {failed.GetBaseException().Message}", failed),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } =>
            new HttpServiceException(HttpFaultKind.NotUnderstood, $"what listens at {_server} does not speak HTTP", inner: failed),
        _ => Unreachable($"the connection to {_server} was lost: {failed.GetBaseException().Message}", failed),
    };

    /// <summary>An answer that is not one that our servers give.</summary>
    public HttpServiceException NotOurs(HttpResponseMessage response, Exception? inner = null)
    {
        string type = response.Content.Headers.ContentType?.MediaType is string media ? $", {media}" : "";
        string answer = $"{(int)response.StatusCode}{type}";
        return (int)response.StatusCode >= 500
            ? new HttpServiceException(HttpFaultKind.Failed, $"{_server} failed without saying why ({answer})", inner: inner)
            : new HttpServiceException(HttpFaultKind.NotUnderstood, $"what answers at {_server} is no Executor server ({answer})", inner: inner);
    }

    /// <summary>An answer with more in it than we take.</summary>
    public HttpServiceException TooLarge() =>
        new(HttpFaultKind.AnswerTooLarge, $"{_server} answers with more than {options.MaxAnswerMb} MiB, which is the most that is read");

    /// <summary>What a problem is to whoever called the service.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="retryAfter">When the server wants to be asked again; null: it does not say.</param>
    public Exception Of(Problem problem, TimeSpan? retryAfter = null) => problem.Type switch
    {
        ProblemTypes.QueueFull when problem is { Waiting: long waiting, Maximum: long maximum } => new QueueFullException(waiting, maximum, retryAfter ?? ShortRetry),
        ProblemTypes.Stopping => new ServiceStoppingException(),
        ProblemTypes.StorageUnavailable => new StorageException(Text(problem), isTransient: true),
        ProblemTypes.SessionBusy => new SessionException(SessionFaultKind.Busy, Text(problem)),
        ProblemTypes.SessionsFull => new SessionException(SessionFaultKind.Full, Text(problem)),
        ProblemTypes.SessionLost => new SessionException(SessionFaultKind.Lost, Text(problem), problem.Error),
        ProblemTypes.StartupFailed => problem.Error is TaskError error
            ? SessionException.StartupFailed(error)
            : new SessionException(SessionFaultKind.StartupFailed, Text(problem)),
        ProblemTypes.InterpreterUnavailable => problem.Error is TaskError error
            ? SessionException.Unavailable(error)
            : new SessionException(SessionFaultKind.Unavailable, Text(problem)),
        _ when problem.Status == 400 => new InvalidInputException(FaultsOf(problem)),
        _ when problem.Status == 401 => new HttpServiceException(
            HttpFaultKind.Unauthorized, options.ApiKey is null ? $"{_server} lets nobody in without an API key" : $"{_server} does not know this API key", problem),
        _ when problem.Status == 413 => new HttpServiceException(HttpFaultKind.TooLarge, Text(problem), problem),
        _ when IsBusy((HttpStatusCode)problem.Status, problem) => new HttpServiceException(HttpFaultKind.Busy, $"{_server}: {Text(problem)}", problem),
        _ when problem.Status >= 500 => new HttpServiceException(HttpFaultKind.Failed, $"{_server}: {Text(problem)}", problem),
        _ => new HttpServiceException(HttpFaultKind.Refused, Text(problem), problem),
    };

    private static IReadOnlyList<ValidationFault> FaultsOf(Problem problem) => problem.Errors is { Count: > 0 } errors
        ? [.. errors.Select(error => new ValidationFault(error.Field, error.Message))]
        : [new ValidationFault("", Text(problem))];

    private static string Text(Problem problem) => problem.Detail ?? problem.Title;

    private static HttpServiceException Unreachable(string message, Exception inner) => new(HttpFaultKind.Unreachable, message, inner: inner);

    private static SocketError? Cause(Exception failed) => (failed.GetBaseException() as SocketException)?.SocketErrorCode;
}
