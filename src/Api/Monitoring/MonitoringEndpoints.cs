using System.Text;
using Executor.Api.Access;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Executors;
using Executor.Http.Wire;
using Executor.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Monitoring;

/// <summary><c>/health</c>, <c>/ready</c>, <c>/metrics</c>.</summary>
internal static class MonitoringEndpoints
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ReadyRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DrainRetry = TimeSpan.FromSeconds(5);

    private static readonly QueryParameters MetricsQuery = new([new("format", "text (Prometheus, the default) or json.")]);

    public static void MapMonitoring(this IEndpointRouteBuilder app)
    {
        // Load balancers like to ask with HEAD.
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/health", methods, Health).OpenToAll().WithName("health").WithTags("monitoring").WithSummary("Whether the server is alive.");
        app.MapMethods("/ready", methods, ReadyAsync).OpenToAll().WithName("ready").WithTags("monitoring").WithSummary("Whether it can take tasks; 503 when it can't.");
        app.MapGet("/metrics", MetricsAsync)
            .WithMetadata(MetricsQuery)
            .WithName("metrics")
            .WithTags("monitoring")
            .WithSummary("What waits, runs and has ended: Prometheus text, or JSON.");
    }

    private static Ok<HealthAnswer> Health() => TypedResults.Ok(new HealthAnswer("ok"));

    private static async Task<Ok<ReadyAnswer>> ReadyAsync(
        ITaskService service, IExecutorRegistry registry, Readiness readiness, TimeProvider time, CancellationToken cancellationToken)
    {
        if (readiness.IsDraining)
        {
            throw ProblemKinds.Unavailable(ProblemTypes.Draining, "the server is about to end: it finishes what it has; send new tasks to another", DrainRetry);
        }

        string? outage;
        string[] quarantined = [];
        try
        {
            outage = await service.FindOutageAsync(cancellationToken).WaitAsync(ReadyTimeout, time, cancellationToken);
            IReadOnlyList<ExecutorInfo> executors = await registry.ListExecutorsAsync(cancellationToken).WaitAsync(ReadyTimeout, time, cancellationToken);
            quarantined = [.. executors.Where(executor => executor.Status == ExecutorStatus.Quarantined).Select(executor => executor.Registration.ExecutorId)];
        }
        catch (Exception exception) when (exception is TimeoutException or StorageException)
        {
            outage = "the storage does not answer";
        }

        return outage is null
            ? TypedResults.Ok(new ReadyAnswer(true, quarantined.Length > 0 ? quarantined : null))
            : throw ProblemKinds.Unavailable(ProblemTypes.StorageUnavailable, $"no task can be stored: {outage}", ReadyRetry);
    }

    private static async Task<Results<Ok<ServiceMetrics>, ContentHttpResult>> MetricsAsync(
        HttpRequest request, ITaskService service, RequestCounts requests, CancellationToken cancellationToken)
    {
        QueryReader query = new(request);
        bool isJson = query.Choice("format", [("text", false), ("json", true)]) ?? request.Headers.Accept == "application/json";
        query.ThrowIfBad();
        ExecutionMetrics metrics = await service.GetMetricsAsync(cancellationToken);
        return isJson
            ? TypedResults.Ok(ServiceMetrics.Of(metrics))
            : TypedResults.Text(PrometheusText.Of(metrics, requests), PrometheusText.ContentType, Encoding.UTF8);
    }
}
