using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Executor.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Executor.Api.Access;

/// <summary>Decides who comes in, and how often.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiKeys keys, RequestRate? rate)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (keys.IsOpen)
        {
            BrowserGuard.Check(context.Request);
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<OpenToAll>() is null)
        {
            int? key = keys.Find(context.Request, isPage: context.GetEndpoint()?.Metadata.GetMetadata<HostPages>() is not null);
            ThrowIfTooOften(key, context.Connection.RemoteIpAddress);
            ThrowIfUnknown(key, context.Request);
        }

        return next(context);
    }

    private void ThrowIfTooOften(int? key, IPAddress? address)
    {
        string client = key is int number ? string.Create(CultureInfo.InvariantCulture, $"key {number}") : NetworkOf(address);
        if (rate?.Take(client) is TimeSpan wait)
        {
            throw ProblemKinds.TooManyRequests("this client sends more requests a second than it may (server.max_requests_per_sec)", wait);
        }
    }

    private void ThrowIfUnknown(int? key, HttpRequest request)
    {
        if (key is null && !keys.IsOpen)
        {
            throw ProblemKinds.Unauthorized(request.Headers.Authorization.Count == 0
                ? "send one of server.api_keys in the header: Authorization: Bearer KEY"
                : "the Authorization header holds none of server.api_keys; it must be: Authorization: Bearer KEY");
        }
    }

    /// <summary>The address; of IPv6 only the half that a client can't choose.</summary>
    private static string NetworkOf(IPAddress? address)
    {
        if (address is null or { AddressFamily: not AddressFamily.InterNetworkV6 } or { IsIPv4MappedToIPv6: true })
        {
            return address?.MapToIPv4().ToString() ?? "";
        }

        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }
}
