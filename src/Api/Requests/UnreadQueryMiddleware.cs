using Executor.Api.Access;
using Executor.Api.Problems;
using Executor.Http.Wire;
using Executor.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Executor.Api.Requests;

/// <summary>
/// Refuses a query where the endpoint reads none: a parameter that would do nothing is a mistake. What watches the server may add what it
/// likes.
/// </summary>
internal sealed class UnreadQueryMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0
            && context.GetEndpoint()?.Metadata is EndpointMetadataCollection endpoint
            && endpoint.GetMetadata<IHttpMethodMetadata>() is not null
            && endpoint.GetMetadata<QueryParameters>() is null
            && endpoint.GetMetadata<IAllowAnonymous>() is null)
        {
            throw ProblemKinds.Invalid([.. context.Request.Query.Keys.Select(name => new FieldProblem(QuotedText.Cut(name), "is no parameter of this address; it has none"))]);
        }

        return next(context);
    }
}
