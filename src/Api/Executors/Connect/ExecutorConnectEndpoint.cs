using System.Net.WebSockets;
using Executor.Api.Problems;
using Executor.Clocks;
using Executor.Executors;
using Executor.Executors.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Api.Executors.Connect;

/// <summary><c>/executors/connect</c>: where executors of other processes connect, by WebSocket.</summary>
public static class ExecutorConnectEndpoint
{
    /// <summary>Maps <see cref="ExecutorProtocol.Path"/>. Who may connect is decided by what runs before it, as for every other route.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="gateway">Where executors register.</param>
    /// <param name="options">How connections are kept; null: the defaults.</param>
    /// <param name="time">The clock; null: the system's.</param>
    public static IEndpointConventionBuilder MapExecutorConnect(
        this IEndpointRouteBuilder endpoints, IExecutorGateway gateway, ExecutorConnectOptions? options = null, TimeProvider? time = null)
    {
        options ??= new ExecutorConnectOptions();
        ILoggerFactory loggers = endpoints.ServiceProvider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        CancellationToken stopping = endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        ExecutorListener door = new(gateway, options, time ?? SteadyTime.System, loggers.CreateLogger(typeof(ExecutorListener).FullName!));
        IApplicationBuilder pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.KeepAlive, KeepAliveTimeout = options.KeepAlive });
        pipeline.Run(context => AcceptAsync(context, door, stopping));
        return endpoints.Map(ExecutorProtocol.Path, pipeline.Build()).WithDisplayName("executors/connect");
    }

    private static async Task AcceptAsync(HttpContext context, ExecutorListener door, CancellationToken stopping)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            throw new ProblemException(ProblemKinds.OfFramework(
                StatusCodes.Status426UpgradeRequired, "this address is for executors, which connect to it by WebSocket"));
        }

        using WebSocket socket = await UpgradeAsync(context);
        await door.ServeAsync(socket, stopping);
    }

    private static async Task<WebSocket> UpgradeAsync(HttpContext context)
    {
        try
        {
            return await context.WebSockets.AcceptWebSocketAsync();
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            // Kestrel's only word for more than its limit.
            throw new ProblemException(ProblemKinds.OfFramework(StatusCodes.Status503ServiceUnavailable, "as many executors are connected as the server has room for"));
        }
    }
}
