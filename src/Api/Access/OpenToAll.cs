using Microsoft.AspNetCore.Builder;

namespace Executor.Api.Access;

/// <summary>Marks an endpoint that asks for no key and counts against no rate: what watches the server must always get through.</summary>
internal static class OpenToAllExtensions
{
    public static TBuilder OpenToAll<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AllowAnonymous().DisableRateLimiting();
}
