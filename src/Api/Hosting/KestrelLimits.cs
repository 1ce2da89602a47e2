using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Executor.Api.Hosting;

/// <summary>What a client may cost the server before any code of ours sees it.</summary>
internal static class KestrelLimits
{
    /// <summary>A server that can take fewer connections than this says so at its start.</summary>
    public const int FewConnections = 1_000;

    private const int MaxConnections = 10_000;
    private const double LeastBytesPerSecond = 4_096;
    private static readonly TimeSpan DataGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many connections there may be for requests, and as many again that have become WebSockets: a quarter of the files that the process may open for
    /// each, so that half are left for tasks and the store. A process without a file to open can do nothing, and .NET ends it.
    /// </summary>
    /// <param name="files">How many that is; null: as many as it likes.</param>
    public static int ConnectionsFor(int? files) => int.Min((files ?? int.MaxValue) / 4, MaxConnections);

    public static void Apply(KestrelServerOptions options, int connections)
    {
        options.AddServerHeader = false;
        options.Limits.MaxConcurrentConnections = connections;
        options.Limits.MaxConcurrentUpgradedConnections = connections;
        options.Limits.RequestHeadersTimeout = HeadersTimeout;
        options.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, DataGrace);
        options.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, DataGrace);
        // BodyReader has the limit: the server's own would cut the connection before a client that is still sending can read why.
        options.Limits.MaxRequestBodySize = null;
    }
}
