using System.Net;
using Executor.Configuration;
using Executor.Silo.Network;

namespace Executor.Silo.Hosting;

/// <summary>A silo that other machines reach has TLS, or was told that it needs none.</summary>
public sealed class OpenPortsTests : IDisposable
{
    private const int BadUsage = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("10.0.0.11")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("fd00::1")]
    public void Address_that_other_machines_reach_needs_tls_or_a_word(string address)
    {
        ClusterNodeOptions node = new() { Address = IPAddress.Parse(address), SiloPort = 1, GatewayPort = 2 };

        ConfigurationFault fault = Assert.Single(Assert.Throws<ConfigurationException>(() => OpenPorts.Check(node)).Faults);
        Assert.Equal("cluster.tls", fault.Key);
        Assert.Contains($"other machines reach {address}: the ports 1 and 2 ", fault.Message, StringComparison.Ordinal);
        OpenPorts.Check(node with { Tls = new ClusterTlsOptions { Certificate = "a", Key = "b", Ca = "c" } });
        OpenPorts.Check(node with { TrustNetwork = true });
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.9")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Address_of_this_machine_alone_needs_neither(string address) => OpenPorts.Check(new ClusterNodeOptions { Address = IPAddress.Parse(address) });

    [Fact]
    public async Task Silo_that_other_machines_reach_without_tls_does_not_start_and_names_the_keys()
    {
        using SiloProcess silo = SiloProcess.Start(_folder.FullName, postgres: null, Elsewhere);

        Assert.Equal(BadUsage, await silo.EndAsync());
        Assert.StartsWith("executor: cluster.tls: is not given, and other machines reach 192.0.2.7: ", silo.Said, StringComparison.Ordinal);
        Assert.Contains("set cluster.trust_network: true", silo.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_that_is_told_to_trust_its_network_starts()
    {
        using SiloProcess silo = SiloProcess.Start(_folder.FullName, postgres: null, Elsewhere, "cluster: {trust_network: true}\n");

        await silo.ReadyAsync();
    }

    /// <summary>An address of other machines (RFC 5737); a silo alone listens on all of its own.</summary>
    private static SiloPlace Elsewhere { get; } = new(null, "192.0.2.7", "127.0.0.1");
}
