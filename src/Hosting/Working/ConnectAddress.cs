using System.Net;
using Executor.Executors.Protocol;

namespace Executor.Hosting.Working;

/// <summary>The address that a worker connects to.</summary>
internal static class ConnectAddress
{
    /// <summary>Reads what <c>--connect</c> said: http and https stand for ws and wss, and a server's bare address for its endpoint.</summary>
    /// <exception cref="UsageException">It is no such address.</exception>
    public static Uri Parse(string text)
    {
        string? scheme = Uri.TryCreate(text, UriKind.Absolute, out Uri? given) ? given.Scheme : null;
        string? wanted = scheme switch
        {
            "ws" or "http" => "ws",
            "wss" or "https" => "wss",
            _ => null,
        };
        if (wanted is null || given!.Host.Length == 0)
        {
            throw new UsageException($"--connect: must be the server's address, like ws://localhost:5000{ExecutorProtocol.Path}, was '{text}'");
        }

        UriBuilder address = new(given)
        {
            Scheme = wanted,
            Port = given.IsDefaultPort ? -1 : given.Port,
            Path = given.AbsolutePath is "/" ? ExecutorProtocol.Path : given.AbsolutePath,
        };
        return address.Uri;
    }

    /// <summary>That of a server on this machine.</summary>
    /// <param name="listening">Where it listens; any address of the machine stands for its loopback.</param>
    public static Uri Of(Uri listening) => new UriBuilder(listening)
    {
        Scheme = Uri.UriSchemeWs,
        Host = IPAddress.TryParse(listening.Host, out IPAddress? address) && !IPAddress.Any.Equals(address) && !IPAddress.IPv6Any.Equals(address)
            ? listening.Host
            : IPAddress.Loopback.ToString(),
        Path = ExecutorProtocol.Path,
    }.Uri;
}
