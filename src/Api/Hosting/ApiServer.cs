using Executor.Executors;
using System.Net;
using System.Net.Sockets;
using Executor.Api.Monitoring;
using Executor.Api.Problems;
using Executor.Configuration;
using Executor.Execution;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Executor.Api.Hosting;

/// <summary>The HTTP API of a service, listening.</summary>
public sealed class ApiServer : IAsyncDisposable
{
    private static readonly TimeSpan DisposeGrace = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly TelemetryExport? _telemetry;

    private ApiServer(WebApplication app, TelemetryExport? telemetry, Uri address)
    {
        _app = app;
        _telemetry = telemetry;
        Address = address;
    }

    /// <summary>Where it listens, with the port that it was given.</summary>
    public Uri Address { get; }

    /// <summary>Begins to listen.</summary>
    /// <param name="options">How.</param>
    /// <param name="service">What the API is of; it stays the caller's.</param>
    /// <param name="gateway">Where executors of other processes register.</param>
    /// <param name="logging">Where the API logs; it stays the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    /// <exception cref="ConfigurationException">The address is not valid, or open to other machines without keys.</exception>
    /// <exception cref="IOException">It can't listen there: the port is taken, say. The message says what to do.</exception>
    public static async Task<ApiServer> StartAsync(
        ApiOptions options, IExecutionService service, IExecutorGateway gateway, ILoggerFactory logging, TimeProvider time, CancellationToken cancellationToken)
    {
        IPEndPoint endpoint = await ListenAddress.FindAsync(options.Server, cancellationToken);
        int? files = OpenFiles.Limit();
        int connections = KestrelLimits.ConnectionsFor(files);
        if (connections < KestrelLimits.FewConnections)
        {
            logging.CreateLogger<ApiServer>().FewConnections(files!.Value, connections);
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel, connections);
            kestrel.Listen(endpoint);
        });
        // Signals are the program's own business.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        using FrameworkLogs logs = new(logging);
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.Services.AddSingleton(service.Tasks);
        builder.Services.AddSingleton(service.Sessions);
        builder.Services.AddSingleton(service.Jobs);
        builder.Services.AddSingleton(service.Executors);
        builder.Services.AddSingleton(gateway);
        builder.Services.AddSingleton(time);
        builder.Services.AddExecutorApi(options);
        WebApplication app = builder.Build();
        app.MapExecutorApi(options);
        try
        {
            await app.StartAsync(cancellationToken);
            logs.Begin();
            string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new ApiServer(app, TelemetryExport.Start(options.TraceSources), new Uri(address));
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new IOException($"can't listen on {endpoint}: {Explain(exception)}", exception);
        }
    }

    /// <summary>Says from now on that it is not ready (<c>/ready</c>), so that load balancers send nothing more; what is sent all the same is done.</summary>
    public void BeginDrain() => _app.Services.GetRequiredService<Readiness>().IsDraining = true;

    /// <summary>Takes no more requests and waits for those it has, but ends those that only wait for something to happen.</summary>
    /// <param name="cancellationToken">Ends the waiting: what is left is cut off.</param>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <summary>Stops at once, but for requests that are about to end: what is told of them is to be exported.</summary>
    public async ValueTask DisposeAsync()
    {
        using (CancellationTokenSource soon = new(DisposeGrace))
        {
            await _app.StopAsync(soon.Token);
        }

        await _app.DisposeAsync();
        _telemetry?.Dispose();
    }

    private static string Explain(Exception exception) => (exception.GetBaseException() as SocketException)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "another program listens there; stop it, or choose another port (--port, server.port; 0 takes any free one)",
        SocketError.AccessDenied => "this user may not; choose a port from 1024 up (--port, server.port)",
        SocketError.AddressNotAvailable => "this machine does not have that address; choose another (--host, server.host)",
        _ => exception.Message,
    };

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
