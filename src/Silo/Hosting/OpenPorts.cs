using System.Globalization;
using System.Net;
using Executor.Configuration;

namespace Executor.Silo.Hosting;

/// <summary>Refuses ports that other machines reach and nothing guards: whoever reaches a silo's ports may run anything, and read every result.</summary>
internal static class OpenPorts
{
    /// <exception cref="ConfigurationException">Other machines reach the silo, it has no TLS, and nobody has said that they may.</exception>
    public static void Check(ClusterNodeOptions node)
    {
        if (IPAddress.IsLoopback(node.Address) || node.Tls is not null || node.TrustNetwork)
        {
            return;
        }

        const string key = "cluster.tls";
        throw new ConfigurationException([new ConfigurationFault(key, null, key, string.Create(
            CultureInfo.InvariantCulture,
            $"is not given, and other machines reach {node.Address}: the ports {node.SiloPort} and {node.GatewayPort} would let anybody in. Give it (certificate, key and ca), or use the address 127.0.0.1; where nobody but the cluster reaches these ports, set cluster.trust_network: true (EXECUTOR__CLUSTER__TRUST_NETWORK=true)"))]);
    }
}
