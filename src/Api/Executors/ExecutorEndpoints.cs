using Executor.Api.Problems;
using Executor.Api.Requests;
using Executor.Execution;
using Executor.Executors;
using Executor.Http.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Executors;

/// <summary><c>/executors</c>.</summary>
internal static class ExecutorEndpoints
{
    public static void MapExecutors(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder executors = app.MapGroup("/executors").WithTags("executors");
        executors.MapGet("", ListAsync).WithName("list_executors").WithSummary("The registered executors.");
        executors.MapPost("/{id}/drain", DrainAsync).WithName("drain_executor").WithSummary("Give an executor nothing more; what it runs goes on.");
    }

    private static async Task<Ok<ExecutorList>> ListAsync(IExecutorRegistry service, CancellationToken cancellationToken)
    {
        IReadOnlyList<ExecutorInfo> executors = await service.ListExecutorsAsync(cancellationToken);
        return TypedResults.Ok(new ExecutorList([.. executors.Select(ExecutorDetail.Of)]));
    }

    private static async Task<Accepted<ExecutorDetail>> DrainAsync(string id, IExecutorRegistry service, CancellationToken cancellationToken)
    {
        ResourceId.Require("executor", id);
        ExecutorInfo? before = await FindAsync(id, service, cancellationToken);
        if (!await service.DrainExecutorAsync(id, cancellationToken))
        {
            throw ProblemKinds.NotFound("executor", id);
        }

        // One that ran nothing may have left at once.
        ExecutorInfo? drained = await FindAsync(id, service, cancellationToken)
            ?? (before is null ? null : before with { Status = ExecutorStatus.Draining, Running = 0, Load = 0 });
        return TypedResults.Accepted("/executors", ExecutorDetail.Of(drained ?? throw ProblemKinds.NotFound("executor", id)));
    }

    private static async Task<ExecutorInfo?> FindAsync(string id, IExecutorRegistry service, CancellationToken cancellationToken) =>
        (await service.ListExecutorsAsync(cancellationToken)).FirstOrDefault(executor => executor.Registration.ExecutorId == id);
}
