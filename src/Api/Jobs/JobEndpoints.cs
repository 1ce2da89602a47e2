using Executor.Http.Wire;
using Executor.Jobs;
using System.Net.Mime;
using System.Text;
using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Jobs;

/// <summary><c>/jobs</c>.</summary>
internal static class JobEndpoints
{
    private const int DefaultPage = 100;

    private static readonly QueryParameters ListQuery = new([new("limit", "How many: 1 to 10,000. Default 100.", "integer")]);
    private static readonly QueryParameters WaitQuery = new([new("wait", "Seconds to wait for its end: 0 to 300. Default 0.", "number")]);

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder jobs = app.MapGroup("/jobs").WithTags("jobs");
        jobs.MapPost("", StartAsync)
            .WithMetadata(new BodyDescription(typeof(JobRequest), [MediaTypeNames.Application.Json]))
            .WithName("start_job")
            .WithSummary("Begin a job, or join one of the same type and params that has not ended.");
        jobs.MapGet("", ListAsync).WithMetadata(ListQuery).WithName("list_jobs").WithSummary("The newest jobs, newest first.");
        jobs.MapGet("/{id}", GetAsync).WithMetadata(WaitQuery).WithName("get_job").WithSummary("A job as it is now, or when it has ended.");
        jobs.MapGet("/{id}/log", GetLogAsync)
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.Plain)
            .WithName("get_job_log")
            .WithSummary("A job's log, as text.");
        jobs.MapPost("/{id}/cancel", CancelAsync).WithName("cancel_job").WithSummary("Ask for a job's end.");
    }

    private static async Task<Accepted<JobDetail>> StartAsync(HttpRequest request, BodyReader bodies, IJobService service, CancellationToken cancellationToken)
    {
        JobRequest asked;
        using (RequestBody body = await bodies.ReadJsonAsync(request))
        {
            asked = JobRequestReader.Read(body.Bytes.Span);
        }

        JobRecord job = await service.StartAsync(asked.Type, asked.Params, cancellationToken);
        return TypedResults.Accepted($"/jobs/{Uri.EscapeDataString(job.JobId)}", JobDetail.Of(job));
    }

    private static async Task<Ok<JobList>> ListAsync(HttpRequest request, IJobService service, CancellationToken cancellationToken)
    {
        QueryReader query = new(request);
        int limit = query.Integer("limit", 1, StoreLimits.MaxPage, DefaultPage);
        query.ThrowIfBad();
        IReadOnlyList<JobRecord> jobs = await service.ListAsync(limit, cancellationToken);
        return TypedResults.Ok(new JobList([.. jobs.Select(JobDetail.Of)]));
    }

    private static async Task<Ok<JobDetail>> GetAsync(string id, HttpContext context, IJobService service)
    {
        ResourceId.Require("job", id);
        QueryReader query = new(context.Request);
        TimeSpan wait = query.Seconds("wait", WaitLimit.Longest);
        query.ThrowIfBad();
        JobRecord? ended = null;
        if (wait > TimeSpan.Zero)
        {
            using WaitingScope waiting = new(context);
            ended = await waiting.UntilStopAsync(token => service.WaitAsync(id, wait, token));
        }

        return TypedResults.Ok(JobDetail.Of(ended ?? await FindAsync(id, service, context.RequestAborted)));
    }

    private static async Task<ContentHttpResult> GetLogAsync(string id, IJobService service, CancellationToken cancellationToken) => TypedResults.Text(
        await service.GetLogAsync(ResourceId.Require("job", id), cancellationToken) ?? throw ProblemKinds.NotFound("job", id),
        MediaTypeNames.Text.Plain,
        Encoding.UTF8);

    private static async Task<Results<Ok<JobDetail>, Accepted<JobDetail>>> CancelAsync(string id, IJobService service, CancellationToken cancellationToken)
    {
        CancelOutcome outcome = await service.CancelAsync(ResourceId.Require("job", id), cancellationToken);
        if (outcome == CancelOutcome.NotFound)
        {
            throw ProblemKinds.NotFound("job", id);
        }

        JobDetail job = JobDetail.Of(await FindAsync(id, service, cancellationToken)) with { AlreadyEnded = outcome == CancelOutcome.AlreadyEnded };
        return outcome switch
        {
            CancelOutcome.Requested => TypedResults.Accepted($"/jobs/{Uri.EscapeDataString(id)}", job),
            CancelOutcome.AlreadyEnded when job.Status != Executor.Tasks.ExecutionStatus.Cancelled =>
                throw ProblemKinds.Conflict($"job '{id}' has ended already: {job.Status.ToString().ToUpperInvariant()}"),
            _ => TypedResults.Ok(job),
        };
    }

    private static async Task<JobRecord> FindAsync(string id, IJobService service, CancellationToken cancellationToken) =>
        await service.GetAsync(id, cancellationToken) ?? throw ProblemKinds.NotFound("job", id);
}
