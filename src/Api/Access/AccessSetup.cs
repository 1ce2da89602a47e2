using Executor.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;

namespace Executor.Api.Access;

/// <summary>Decides who comes in, and how often.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this IServiceCollection services, ServerOptions server)
    {
        ApiKeys keys = new(server.ApiKeys);
        services.AddSingleton(keys);
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null);
        // Whatever does not say that it is open, be it there or not.
        AuthorizationPolicy? everywhere = keys.IsOpen ? null : new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        services.AddAuthorization(authorization => authorization.FallbackPolicy = everywhere);
        services.AddRateLimiter(limiter =>
        {
            if (server.MaxRequestsPerSec is int perSecond)
            {
                RequestRate.Limit(limiter, perSecond);
            }
        });
    }

    /// <summary>After routing. Guessing keys counts, too.</summary>
    public static void UseAccess(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ApiKeys>().IsOpen)
        {
            app.Use((context, next) =>
            {
                BrowserGuard.Check(context.Request);
                return next(context);
            });
        }

        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }
}
