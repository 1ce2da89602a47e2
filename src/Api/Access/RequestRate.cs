using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Executor.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace Executor.Api.Access;

/// <summary>How often each client may come: so many requests in each second.</summary>
internal static class RequestRate
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Limits clients, which are told by their key, else by their address.</summary>
    public static void Limit(RateLimiterOptions limiter, int perSecond)
    {
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetFixedWindowLimiter(
            context.User.Identity?.Name ?? NetworkOf(context.Connection.RemoteIpAddress),
            _ => new FixedWindowRateLimiterOptions { PermitLimit = perSecond, Window = Second }));
        limiter.OnRejected = static (rejected, _) => throw ProblemKinds.TooManyRequests(
            "this client sends more requests a second than it may (server.max_requests_per_sec)",
            rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait) ? wait : Second);
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
