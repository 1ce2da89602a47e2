using System.Net;
using Executor.Grains.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Executor.Benchmarks.Cluster.Events;

/// <summary>Two silos and a client of the first in this process, which speak by TCP. Grains are on the second.</summary>
internal sealed class EventCluster(IHost first, IHost second, IHost client) : IAsyncDisposable
{
    private const int SiloPort = 23_410;
    private const int GatewayPort = 23_420;

    /// <summary>The way of a silo that has not the grain.</summary>
    public IGrainFactory Silo { get; } = first.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The way of a client of that silo.</summary>
    public IGrainFactory Client { get; } = client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Where the grains are.</summary>
    public IGrainFactory Home { get; } = second.Services.GetRequiredService<IGrainFactory>();

    public static async Task<EventCluster> StartAsync()
    {
        IHost first = await StartSiloAsync(0);
        IHost second = await StartSiloAsync(1);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.UseOrleansClient(orleans => orleans.UseLocalhostClustering(GatewayPort, serviceId: "bench", clusterId: "bench"));
        builder.Services.AddExecutorSerialization();
        IHost client = builder.Build();
        await client.StartAsync();
        return new EventCluster(first, second, client);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in new[] { client, second, first })
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private static async Task<IHost> StartSiloAsync(int index)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddExecutorSerialization();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                SiloPort + index, GatewayPort + index, new IPEndPoint(IPAddress.Loopback, SiloPort), serviceId: "bench", clusterId: "bench");
            silo.Configure<ClusterMembershipOptions>(options => options.NumVotesForDeathDeclaration = 1);
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
