using System.Net;
using System.Net.Sockets;
using Executor.Configuration;
using Executor.Text;

namespace Executor.Api.Hosting;

/// <summary>Finds the address to listen on.</summary>
internal static class ListenAddress
{
    /// <summary>The address and port that the options name.</summary>
    /// <exception cref="ConfigurationException">It is no address of any machine, or one that others reach while nobody needs a key.</exception>
    public static async Task<IPEndPoint> FindAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        IPAddress address = await ResolveAsync(options.Host, cancellationToken);
        if (options.ApiKeys.Count == 0 && !IPAddress.IsLoopback(address))
        {
            throw Fault(
                "server.api_keys",
                $"other machines reach {options.Host}, so clients must need a key: set server.api_keys (EXECUTOR__SERVER__API_KEYS), or listen on 127.0.0.1 only");
        }

        return new IPEndPoint(address, options.Port);
    }

    private static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (host is "*" or "+")
        {
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        if (IPAddress.TryParse(host.AsSpan().Trim("[]"), out IPAddress? address))
        {
            return address;
        }

        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(host, cancellationToken);
            return found.FirstOrDefault(candidate => candidate.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw Fault("server.host", $"'{QuotedText.Cut(host)}' is no address of this machine and no name that can be found: {exception.Message}");
        }
    }

    private static ConfigurationException Fault(string key, string message) => new([new ConfigurationFault(key, null, key, message)]);
}
