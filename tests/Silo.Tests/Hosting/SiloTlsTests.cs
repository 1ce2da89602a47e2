using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Executor.Client;
using Executor.Client.Security;
using Executor.Configuration;
using Executor.Execution;
using Executor.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Executor.Silo.Hosting;

/// <summary>Who has a certificate of the cluster's CA is let in, and nobody else.</summary>
public sealed class SiloTlsTests : IDisposable
{
    private const int BadUsage = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-silo-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Silos_and_clients_with_certificates_of_one_ca_are_a_cluster()
    {
        Requirement.Postgres();
        TestAuthority authority = new(_folder.FullName, "ca");
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 2, configuration: authority.Section("silo"));

        await cluster.Silos[0].SubmitAsync(Enumerable.Range(0, 100).Select(i => $"t{i}"), Work.Short);
        await cluster.EndOnceAsync(100);
        Assert.Equal(2, await cluster.CountAsync("SELECT count(DISTINCT executor_id) FROM tasks"));

        (string certificate, string key) = authority.Sign("client");
        using IHost client = Client(cluster.Silos[0], new ClusterTlsOptions { Certificate = certificate, Key = key, Ca = authority.File });
        using CancellationTokenSource timeLimit = new(TimeSpan.FromMinutes(1));
        await client.StartAsync(timeLimit.Token);
        ITaskService tasks = client.Services.GetRequiredService<IExecutionService>().Tasks;
        TaskReceipt receipt = (await tasks.SubmitAsync([new TaskSpec { Language = "python", Code = "print('said')" }], CancellationToken.None))[0];
        TaskResult? result = await tasks.WaitAsync(receipt.TaskId, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.Equal("said\n", result?.Stdout);
        await client.Services.GetRequiredService<ClusterExecutionService>().DisposeAsync();
        await client.StopAsync();

        await RefusesAsync(cluster.Silos[0].SiloPort);
        await RefusesAsync(cluster.Silos[0].GatewayPort);
    }

    [Fact]
    public async Task Silos_without_a_certificate_or_of_another_ca_do_not_join_and_say_why()
    {
        Requirement.Postgres();
        TestAuthority authority = new(_folder.FullName, "ca");
        TestAuthority other = new(_folder.FullName, "other");
        await using SiloCluster cluster = await SiloCluster.StartAsync(silos: 1, configuration: authority.Section("silo"));

        SiloProcess bare = await cluster.AddAsync();
        SiloProcess foreign = await cluster.AddAsync(other.Section("foreign"));
        // One that trusts the cluster, but is not trusted by it.
        string both = Path.Combine(_folder.FullName, "both.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(authority.File) + '\n' + await File.ReadAllTextAsync(other.File));
        SiloProcess trusting = await cluster.AddAsync(other.Section("trusting").Replace(other.File, both, StringComparison.Ordinal));


        Assert.True(await bare.EndAsync() == BadUsage, bare.Said);
        Assert.True(await foreign.EndAsync() == BadUsage, foreign.Said);
        Assert.Contains($"can't join the cluster 'executor': silo 127.0.0.1:{cluster.Silos[0].SiloPort} wants TLS, and this one has no cluster.tls", bare.Said, StringComparison.Ordinal);
        Assert.Contains("the certificate CN=silo of another silo or client is not signed by a CA of cluster.tls.ca", foreign.Said, StringComparison.Ordinal);
        Assert.True(await trusting.EndAsync() == BadUsage, trusting.Said);
        Assert.Contains("refuses this one's certificate", trusting.Said, StringComparison.Ordinal);
        Assert.Contains("the certificate CN=trusting of another silo or client is not signed by a CA of cluster.tls.ca", cluster.Silos[0].Said, StringComparison.Ordinal);
        Assert.Equal(1, await cluster.CountAsync("SELECT count(*) FROM cluster_silos"));
        Assert.Equal(1, await cluster.CountAsync("SELECT count(*) FROM executors"));
    }

    [Fact]
    public async Task Silo_whose_certificate_is_not_there_does_not_start_and_names_the_key()
    {
        using var silo = SiloProcess.Start(_folder.FullName, postgres: null, configuration: "cluster: {tls: {certificate: no.crt, key: no.key, ca: no.pem}}\n");

        Assert.Equal(BadUsage, await silo.EndAsync());
        Assert.StartsWith("executor: cluster.tls.certificate: can't read \"no.crt\": ", silo.Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificate_file_without_a_certificate_is_refused() =>
        Assert.Contains("cluster.tls.certificate: \"", Fault(good => good with { Certificate = good.Key }), StringComparison.Ordinal);

    [Fact]
    public void Certificate_file_with_broken_content_is_refused()
    {
        string broken = Path.Combine(_folder.FullName, "broken.crt");
        File.WriteAllText(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        Assert.Contains("cluster.tls.ca: ", Fault(good => good with { Ca = broken }), StringComparison.Ordinal);
    }

    [Fact]
    public void Key_of_another_certificate_is_refused() =>
        Assert.Contains("cluster.tls.key: ", Fault(good => good with { Key = Authority.Sign("another").Key }), StringComparison.Ordinal);

    [Fact]
    public void Key_file_without_a_key_is_refused() =>
        Assert.Contains("holds no private key in PEM form", Fault(good => good with { Key = good.Ca }), StringComparison.Ordinal);

    [Fact]
    public void Certificate_that_another_ca_has_signed_is_refused() => Assert.Contains(
        "cluster.tls.certificate: \"", Fault(good => good with { Ca = new TestAuthority(_folder.FullName, "stranger").File }), StringComparison.Ordinal);

    [Fact]
    public void Certificate_that_has_ended_is_refused() => Assert.Contains(
        " only: the other nodes would refuse it", Fault(good => Signed(good, Authority.Sign("old", TimeSpan.FromMinutes(-1)))), StringComparison.Ordinal);

    [Fact]
    public void Certificate_for_servers_only_is_refused() => Assert.Contains(
        "must allow TLS to servers and to clients", Fault(good => Signed(good, Authority.Sign("web", null, "1.3.6.1.5.5.7.3.1"))), StringComparison.Ordinal);

    private TestAuthority Authority => field ??= new TestAuthority(_folder.FullName, "ca");

    private static ClusterTlsOptions Signed(ClusterTlsOptions good, (string Certificate, string Key) files) =>
        good with { Certificate = files.Certificate, Key = files.Key };

    /// <summary>What is said of files that are good but for one thing.</summary>
    private string Fault(Func<ClusterTlsOptions, ClusterTlsOptions> change)
    {
        (string certificate, string key) = Authority.Sign("good");
        ClusterTlsOptions good = new() { Certificate = certificate, Key = key, Ca = Authority.File };
        ClusterTls.Load(good, _ => { });
        return Assert.Throws<ConfigurationException>(() => ClusterTls.Load(change(good), _ => { })).Message;
    }

    /// <summary>Makes sure that who shows no certificate hears nothing.</summary>
    private static async Task RefusesAsync(int port)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, port);
#pragma warning disable CA5359 // A stranger trusts anybody: what counts is whom the silo trusts.
        await using SslStream stranger = new(tcp.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await stranger.AuthenticateAsClientAsync("silo");
            await stranger.ReadExactlyAsync(new byte[1]);
        });
        Assert.True(refused is IOException or AuthenticationException, refused.ToString());
    }

    private static IHost Client(SiloProcess silo, ClusterTlsOptions tls)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.UseOrleansClient(orleans =>
        {
            orleans.UseLocalhostClustering(silo.GatewayPort, "executor", "executor");
            orleans.UseExecutorTls(tls);
            // A busy machine may take longer over a handshake than a client waits by default.
            orleans.UseConnectionRetryFilter((_, _) => Task.FromResult(true));
        });
        builder.Services.AddExecutorClient();
        return builder.Build();
    }
}
