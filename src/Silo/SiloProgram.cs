using System.Net.Sockets;
using Executor.Api;
using Executor.Api.Hosting;
using Executor.Client;
using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Callbacks;
using Executor.Engine.Sessions;
using Executor.Hosting;
using Executor.Hosting.Serving;
using Executor.Hosting.Working;
using Executor.Silo.Clustering;
using Executor.Silo.Executors;
using Executor.Silo.Hosting;
using Executor.Silo.Queues;
using Executor.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Executor.Silo;

/// <summary>A silo from its start to its end: everything it is made of, put together.</summary>
internal static class SiloProgram
{
    /// <summary>Orleans' name for the spans of calls to our grains.</summary>
    private const string GrainCalls = "Microsoft.Orleans.Application";

    /// <summary>Serves until a signal asks for the end.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(SiloRequest request)
    {
        using Interruption interruption = new();
        using DataFolder data = DataFolder.Open(request.DataFolder);
        await using LocalHost local = LocalHost.Open(request.ConfigPath, data.Path);
        ServerOptions server = local.ServerAt(request.Host, request.Port);
        ClusterNodeOptions node = local.Configuration.Cluster with
        {
            Name = request.Cluster ?? local.Configuration.Cluster.Name,
            Queue = request.Queue ?? local.Configuration.Cluster.Queue,
            Address = request.Address ?? local.Configuration.Cluster.Address,
            SiloPort = request.SiloPort ?? local.Configuration.Cluster.SiloPort,
            GatewayPort = request.GatewayPort ?? local.Configuration.Cluster.GatewayPort,
        };
        OpenPorts.Check(node);
        SiloTls tls = new(node, local.Logging.CreateLogger<SiloTls>());
        string? postgres = request.Postgres ?? local.Configuration.Storage.Postgres?.Reveal();
        using HeldFile? database = postgres is null ? local.HoldSqlite(local.SqlitePathIn(data.Path)) : null;
        try
        {
            string? cluster = postgres is null ? null : ServerParts.ForCluster(postgres);
            if (cluster is not null)
            {
                await OrleansSchema.PrepareAsync(cluster, interruption.Token);
                await tls.KnockAsync(await ClusterMembers.FindAsync(cluster, node.Name, interruption.Token), interruption.Token);
            }

            // Before it joins: with a clock that is far behind it can't.
            await using DatabaseClock? compared = cluster is null ? null : DatabaseClock.Watch(cluster, SteadyTime.System, local.Logging.CreateLogger<DatabaseClock>());
            using ResultCallbacks callbacks = ServerParts.CallbacksFor(server);
            await using SiloQueues queues = new(local, server, callbacks, node.Queue, postgres, data.Path);
            using IHost host = SiloHost.Create(node, cluster, queues, tls, SiloDescription.Of(local, request, node), local.Logging);
            await using (cluster is null ? null : LostMembers.Watch(cluster, node, local.Logging.CreateLogger<LostMembers>()))
            {
                await host.StartAsync(interruption.Token);
            }

            ClusterExecutionService service = host.Services.GetRequiredService<ClusterExecutionService>();
            await using SiloExecutor? executor = request.MaxTasks == 0 ? null : SiloExecutor.Start(local, request, node, service);
            await using ApiServer api = await ApiServer.StartAsync(
                new ApiOptions { Server = server, Pages = node.Dashboard ? [SiloDashboard.PagesOf(host)] : [], TraceSources = [GrainCalls] },
                service,
                service,
                local.Logging,
                SteadyTime.System,
                interruption.Token);
            await using WorkerSupervisor supervisor = WorkerSupervisor.Start(
                local.Configuration.Executors, WorkerLaunch.Beside(api.Address, server, request.ConfigPath), Reporter.Say, SteadyTime.System);
            string place = postgres is null ? "a cluster of its own, on SQLite" : $"cluster '{node.Name}' on PostgreSQL, queue '{node.Queue}'";
            Reporter.Say($"listening on {api.Address.ToString().TrimEnd('/')} (silo {node.Address}:{node.SiloPort}, {place}, {request.MaxTasks} tasks at once)");
            await using ExecutorSweep? sweep = cluster is null
                ? null
                : ExecutorSweep.Start(cluster, node.Name, host.Services.GetRequiredService<IGrainFactory>(), local.Logging.CreateLogger<ExecutorSweep>());
            await using ClockWatch clock = ClockWatch.Start(SteadyTime.System, local.Logging.CreateLogger<ClockWatch>());
            await using IdleTrim trim = IdleTrim.Start(SteadyTime.System);
            int code = await EndOfAsync(host, interruption.Token);
            Reporter.Say("stopping");
            await StopAsync(request, host, api, service, executor, local.Sessions, supervisor);
            return code;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (StorageException failed)
        {
            throw new UsageException($"storage: {failed.Message}");
        }
        catch (Exception failed) when (failed.GetBaseException() is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable } refused)
        {
            throw new UsageException(
                $"can't listen on {node.Address} with the ports {node.SiloPort} and {node.GatewayPort}: {refused.Message} (--address, --silo-port, --gateway-port, or the section cluster)");
        }
        catch (IOException failed)
        {
            throw new UsageException(failed.Message);
        }
    }

    /// <summary>Waits until the silo is asked to end, or ends by itself: the others have taken it for dead and go on without it.</summary>
    private static async Task<int> EndOfAsync(IHost host, CancellationToken asked)
    {
        CancellationToken ended = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asked, ended);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asked.IsCancellationRequested ? ExitCodes.Success : ExitCodes.OwnFailure;
    }

    /// <summary>Takes nothing more, lets what runs here finish, gives the rest back, and leaves the cluster.</summary>
    private static async Task StopAsync(
        SiloRequest request, IHost host, ApiServer api, ClusterExecutionService service, SiloExecutor? executor, SessionHost sessions, WorkerSupervisor supervisor)
    {
        using CancellationTokenSource grace = new(request.Grace);
        api.BeginDrain();
        // Until the tasks are done the API answers: its workers tell it what came of theirs, and whoever waits for one here hears of it.
        await Task.WhenAll(
            executor?.DrainAsync(grace.Token) ?? Task.CompletedTask, sessions.DrainAsync(grace.Token), supervisor.StopAsync(request.Grace));
        await api.StopAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await service.DisposeAsync();
        await host.StopAsync(CancellationToken.None);
    }
}
