using Executor.Tasks;
using Executor.Text;

namespace Executor.Configuration;

/// <summary>The HTTP server: <c>server</c>.</summary>
public sealed record ServerOptions
{
    /// <summary>Address to listen on. Default 127.0.0.1: only this machine.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port to listen on; 0: any free one. Range 0 to 65,535. Default 5000.</summary>
    public int Port { get; init; } = 5000;

    /// <summary>Keys that let a client in. Default none, which only a loopback address may have.</summary>
    public IReadOnlyList<Secret> ApiKeys { get; init; } = [];

    /// <summary>Hosts and ports to which results may be posted (a task's <c>callback_url</c>). Default none.</summary>
    public IReadOnlyList<CallbackHost> CallbackHosts { get; init; } = [];

    /// <summary>Largest request body in MiB; larger ones get 413. Range 1 to 2,047. Default 32.</summary>
    public int MaxBodyMb { get; init; } = 32;

    /// <summary>Most tasks waiting at once; further ones get 503. Range 1 to 100,000,000. Default 1,000,000.</summary>
    public int MaxQueue { get; init; } = 1_000_000;

    /// <summary>A waiting task counts as one priority higher for each of these that it has waited. Range 0 to a year; 0: never. Default 10 minutes.</summary>
    public TimeSpan PriorityAging { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests a second from one client, above which it gets 429; null (in the file 0): no limit. Range 1 to 1,000,000. Default null.</summary>
    public int? MaxRequestsPerSec { get; init; }
}
