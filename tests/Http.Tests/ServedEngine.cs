using Executor.Api;
using Executor.Api.Hosting;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Jobs;
using Executor.Engine.Sessions;
using Executor.Execution;
using Executor.Sessions;
using Executor.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Http;

/// <summary>An engine behind its real HTTP API on this machine, and the way to it over HTTP.</summary>
internal sealed class ServedEngine : IAsyncDisposable
{
    private readonly ApiServer _server;
    private readonly LocalSessions _sessions;
    private readonly JobRunner _jobs;

    private ServedEngine(ApiServer server, ExecutionEngine engine, LocalSessions sessions, JobRunner jobs, HttpExecutionService http) =>
        (_server, Engine, _sessions, _jobs, Http) = (server, engine, sessions, jobs, http);

    /// <summary>What is served.</summary>
    public ExecutionEngine Engine { get; }

    /// <summary>The same over HTTP.</summary>
    public HttpExecutionService Http { get; }

    /// <summary>Serves what is kept in a store. What the server refuses since it is busy is told at once.</summary>
    /// <param name="store">The store; stays its owner's.</param>
    /// <param name="options">How the engine works.</param>
    /// <param name="time">The engine's clock; that of the network is the system's.</param>
    /// <param name="sessions">Holds the sessions; null: there are none.</param>
    /// <param name="server">What the server's configuration says.</param>
    /// <param name="change">Changes how the server is reached.</param>
    public static async Task<ServedEngine> StartAsync(
        ITaskStore store,
        EngineOptions? options = null,
        TimeProvider? time = null,
        SessionHost? sessions = null,
        ServerOptions? server = null,
        Func<HttpServiceOptions, HttpServiceOptions>? change = null)
    {
        time ??= TimeProvider.System;
        ExecutionEngine engine = new(store, options ?? new EngineOptions(), time, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        LocalSessions local = new(sessions ?? new SessionHost((_, _) => throw new InvalidOperationException("There are no sessions here."), _ => [], new SessionOptions(), time));
        JobRunner jobs = await JobRunner.OpenAsync(store, [new CountJob()], new JobRunnerOptions(), time, NullLogger<JobRunner>.Instance, CancellationToken.None);
        ApiServer api = await ApiServer.StartAsync(
            new ApiOptions { Server = (server ?? new ServerOptions()) with { Port = 0 }, KeepAlive = TimeSpan.FromMilliseconds(100) },
            new ExecutionServices(engine, local, jobs, engine),
            engine,
            NullLoggerFactory.Instance,
            TimeProvider.System,
            CancellationToken.None);
        HttpServiceOptions reach = new() { Server = api.Address, TimeLimits = new HttpTimeLimits { Busy = TimeSpan.Zero } };
        return new ServedEngine(api, engine, local, jobs, new HttpExecutionService(change?.Invoke(reach) ?? reach));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
        await Engine.DisposeAsync();
        await _sessions.DisposeAsync();
        await _jobs.DisposeAsync();
    }
}
