using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Executor.Api.Hosting;

/// <summary>What a client may cost the server before any code of ours sees it.</summary>
internal static class KestrelLimits
{
    private const int MaxConnections = 10_000;
    private const double LeastBytesPerSecond = 4_096;
    private static readonly TimeSpan DataGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        options.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, DataGrace);
        options.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, DataGrace);
        // BodyReader has the limit: the server's own would cut the connection before a client that is still sending can read why.
        options.Limits.MaxRequestBodySize = null;
    }
}
