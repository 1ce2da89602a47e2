using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Executor.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Executor.Api.Access;

/// <summary>Knows clients by the key that they bring. The name of one is <c>key N</c>, with the key's place in <c>server.api_keys</c> from 0.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logging, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Executor";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        keys.Find(Request, isPage: Context.GetEndpoint()?.Metadata.GetMetadata<HostPages>() is not null) is int key
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(IdentityOf(key)), SchemeName))
            : AuthenticateResult.NoResult());

    /// <exception cref="ProblemException">Always: the request needs a key.</exception>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        throw ProblemKinds.Unauthorized(Request.Headers.Authorization.Count == 0
            ? "send one of server.api_keys in the header: Authorization: Bearer KEY"
            : "the Authorization header holds none of server.api_keys; it must be: Authorization: Bearer KEY");

    private static ClaimsIdentity IdentityOf(int key) =>
        new([new Claim(ClaimTypes.Name, string.Create(CultureInfo.InvariantCulture, $"key {key}"))], SchemeName);
}
