using System.Globalization;
using Executor.Http.Wire;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Problems;

/// <summary>Whatever goes wrong inside becomes a problem document, and nothing of a stack trace gets out.</summary>
internal sealed class ProblemHandler(ILoggerFactory logging) : IExceptionHandler
{
    private readonly ILogger _log = logging.CreateLogger("Executor.Api");

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception failed, CancellationToken cancellationToken)
    {
        ProblemException problem = ProblemKinds.Of(failed);
        LogIfOurs(problem, failed, context);
        await WriteAsync(context, problem.Problem, problem.RetryAfter);
        return true;
    }

    /// <summary>Writes the problem that a status without a word about it stands for.</summary>
    public static Task WriteStatusAsync(StatusCodeContext status) => WriteAsync(status.HttpContext, ProblemKinds.OfStatus(status.HttpContext), null);

    /// <summary>Cuts off an answer that fails half-way: what was sent can't be taken back, but it must not look whole. No handler is asked about that.</summary>
    public async Task CutOffAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody would read an answer.
        }
        catch (Exception failed) when (context.Response.HasStarted)
        {
            LogIfOurs(ProblemKinds.Of(failed), failed, context);
            context.Abort();
        }
    }

    private void LogIfOurs(ProblemException problem, Exception failed, HttpContext context)
    {
        if (problem.Problem.Status == StatusCodes.Status500InternalServerError)
        {
            _log.RequestFailed(failed, context.Request.Method, context.Request.Path);
        }
    }

    private static Task WriteAsync(HttpContext context, Problem problem, TimeSpan? retryAfter)
    {
        HttpResponse response = context.Response;
        response.StatusCode = problem.Status;
        if (retryAfter is TimeSpan wait)
        {
            response.Headers.RetryAfter = long.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
            // While an exception is handled the request has no endpoint of its own any more.
            Endpoint? endpoint = context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint();
            if (endpoint?.Metadata.GetMetadata<HostPages>() is not null)
            {
                response.Headers.Append("WWW-Authenticate", "Basic realm=\"executor\", charset=\"UTF-8\"");
            }
        }

        return response.WriteAsJsonAsync(problem, ApiJson.Wire.Problem, "application/problem+json", context.RequestAborted);
    }
}
