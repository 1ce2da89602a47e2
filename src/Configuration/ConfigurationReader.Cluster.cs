using System.Net;
using Executor.Text;

namespace Executor.Configuration;

internal static partial class ConfigurationReader
{
    private static ClusterNodeOptions ReadCluster(SectionReader section)
    {
        ClusterNodeOptions defaults = new();
        ClusterNodeOptions options = new()
        {
            Name = section.Text("name") ?? defaults.Name,
            Queue = ReadQueue(section) ?? defaults.Queue,
            Address = ReadAddress(section) ?? defaults.Address,
            SiloPort = section.Integer("silo_port", 1, 65_535) ?? defaults.SiloPort,
            GatewayPort = section.Integer("gateway_port", 1, 65_535) ?? defaults.GatewayPort,
            Dashboard = section.Flag("dashboard") ?? defaults.Dashboard,
            Tls = section.Has("tls") ? ReadTls(section.Section("tls")) : null,
            TrustNetwork = section.Flag("trust_network") ?? defaults.TrustNetwork,
        };
        section.RefuseOthers();
        return options;
    }

    private static string? ReadQueue(SectionReader section)
    {
        const string key = "queue";
        string? name = section.Text(key);
        if (name is null || ClusterNodeOptions.IsQueueName(name))
        {
            return name;
        }

        section.Fault(key, $"must be {ClusterNodeOptions.QueueRule}, was {QuotedText.Of(name)}");
        return null;
    }

    private static IPAddress? ReadAddress(SectionReader section)
    {
        const string key = "address";
        string? text = section.Text(key);
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        if (text is not null)
        {
            section.Fault(key, $"must be an IP address, was {QuotedText.Of(text)}");
        }

        return null;
    }

    private static ClusterTlsOptions ReadTls(SectionReader section)
    {
        ClusterTlsOptions options = new() { Certificate = Required("certificate"), Key = Required("key"), Ca = Required("ca") };
        section.RefuseOthers();
        return options;

        string Required(string key)
        {
            section.RequireOneOf(key);
            return section.FilePath(key) ?? "";
        }
    }
}
