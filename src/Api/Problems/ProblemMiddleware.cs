using System.Globalization;
using Executor.Api.Wire;
using Executor.Execution;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Problems;

/// <summary>The outermost layer: whatever goes wrong inside becomes a problem document, and nothing of a stack trace gets out.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger log)
{
    private static readonly TimeSpan StorageRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopRetry = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
            {
                await WriteAsync(context, ProblemKinds.OfStatus(context), null);
            }
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; nobody would read an answer.
        }
        // The edge of a request: what nobody inside has a name for is told as a 500, and logged.
        catch (Exception failed)
        {
            await AnswerAsync(context, failed);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception failed)
    {
        ProblemException problem = ProblemOf(failed);
        if (problem.Problem.Status == StatusCodes.Status500InternalServerError)
        {
            log.RequestFailed(failed, context.Request.Method, context.Request.Path);
        }

        if (context.Response.HasStarted)
        {
            // What was sent can't be taken back, but it must not look whole.
            context.Abort();
            return;
        }

        context.Response.Clear();
        await WriteAsync(context, problem.Problem, problem.RetryAfter);
    }

    private static ProblemException ProblemOf(Exception failed) => failed switch
    {
        ProblemException problem => problem,
        InvalidInputException invalid => ProblemKinds.Invalid(invalid.Faults),
        SessionException session => ProblemKinds.OfSession(session),
        QueueFullException full => ProblemKinds.QueueFull(full),
        ServiceStoppingException stopping => ProblemKinds.Unavailable("stopping", stopping.Message, StopRetry),
        StorageException { IsTransient: true } => ProblemKinds.Unavailable("storage-unavailable", "the storage can't be reached at the moment", StorageRetry),
        BadHttpRequestException bad => new ProblemException(ProblemKinds.OfFramework(bad.StatusCode, bad.Message)),
        _ => ProblemKinds.Internal(),
    };

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
            if (context.GetEndpoint()?.Metadata.GetMetadata<HostPages>() is not null)
            {
                response.Headers.Append("WWW-Authenticate", "Basic realm=\"executor\", charset=\"UTF-8\"");
            }
        }

        return response.WriteAsJsonAsync(problem, ApiJson.Wire.Problem, "application/problem+json", context.RequestAborted);
    }
}
