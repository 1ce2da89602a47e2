using System.Net;
using Executor.Client;
using Executor.Clocks;
using Executor.Configuration;
using Executor.Grains;
using Executor.Grains.Hosting;
using Executor.Grains.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Executor.Silo.Hosting;

/// <summary>The Orleans part of a silo.</summary>
internal static class SiloHost
{
    private const string Invariant = "Npgsql";
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Puts it together; it is not started.</summary>
    /// <param name="node">Where it listens, and of which cluster it is.</param>
    /// <param name="postgres">The cluster's database; null: it is alone.</param>
    /// <param name="queues">What it brings to the grains.</param>
    /// <param name="tls">How it speaks to other silos and to clients.</param>
    /// <param name="description">What it tells the other silos of itself.</param>
    /// <param name="logging">Where it logs; stays the caller's.</param>
    public static IHost Create(ClusterNodeOptions node, string? postgres, IQueueResources queues, SiloTls tls, Dictionary<string, string> description, ILoggerFactory logging)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        BorrowedLogs logs = new(logging, SteadyTime.System);
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        // Signals are the program's own business.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        builder.UseOrleans(silo =>
        {
            Configure(silo, node, postgres);
            tls.Apply(silo);
            silo.UseDashboard(node.Dashboard);
            silo.UseExecutorMetadata(description);
            silo.UseLastingDirectory();
            silo.AddActivityPropagation();
        });
        builder.Services.AddSingleton(queues);
        builder.Services.AddExecutorClient(
            node.Queue, provider => provider.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString());
        IHost host = builder.Build();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(logs.BeginStop);
        return host;
    }

    private static void Configure(ISiloBuilder silo, ClusterNodeOptions node, string? postgres)
    {
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (node.Name, node.Name));
        silo.ConfigureEndpoints(node.Address, node.SiloPort, node.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(node.Address));
        silo.Configure<ClusterMembershipOptions>(SetMembership);
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = TimeSpan.FromSeconds(15);
            options.MaxEnqueuedRequestsHardLimit = 20_000;
        });
        silo.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = TimeSpan.FromSeconds(2));
        silo.UseExecutorGrainStates();
        if (postgres is null)
        {
            silo.UseLocalhostClustering(node.SiloPort, node.GatewayPort, serviceId: node.Name, clusterId: node.Name);
            silo.AddMemoryGrainStorageAsDefault();
            silo.UseInMemoryReminderService();
        }
        else
        {
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, postgres));
            silo.AddAdoNetGrainStorageAsDefault(options =>
                (options.Invariant, options.ConnectionString, options.DeleteStateOnClear) = (Invariant, postgres, true));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, postgres));
        }
    }

    /// <summary>A silo that was killed is known to be dead after three to four seconds; one is enough to say so where there are two.</summary>
    private static void SetMembership(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.NumMissedProbesLimit = 3;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        options.DeathVoteExpirationTimeout = TimeSpan.FromSeconds(30);
        options.DefunctSiloExpiration = TimeSpan.FromHours(1);
        // They would tell by their own clocks since when another has been joining, and give one up whose clock is behind. Who is lost meanwhile goes with the defunct.
        options.EvictWhenMaxJoinAttemptTimeExceeded = false;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
