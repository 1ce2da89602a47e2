using Executor.Api;
using Executor.Api.Hosting;
using Executor.Clocks;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Callbacks;
using Executor.Engine.Jobs;
using Executor.Engine.Sessions;
using Executor.Execution;
using Executor.Executors;
using Executor.Hosting;
using Executor.Hosting.Serving;
using Executor.Hosting.Working;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Cli.Serving;

/// <summary>A server from its start to its end: everything it is made of, put together.</summary>
internal static class ServerProgram
{
    private const string LocalId = "local";

    /// <summary>Serves until a signal asks for the end.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ServeRequest request)
    {
        using Interruption interruption = new();
        using DataFolder data = DataFolder.Open(request.DataFolder);
        await using LocalHost host = LocalHost.Open(request.ConfigPath, data.Path);
        ServerOptions server = host.ServerAt(request.Host, request.Port);
        StorageOptions storage = host.Configuration.Storage;
        string databasePath = host.SqlitePathIn(data.Path);
        using HeldFile? database = storage.Postgres is null ? host.HoldSqlite(databasePath) : null;
        WriterClaim claim = new(ServerParts.SchedulerClaim, isExclusive: true);
        try
        {
            await using ITaskStore store = await host.OpenStoreAsync(storage.Postgres?.Reveal(), databasePath, claim, interruption.Token);
            await using JobRunner jobs = await OpenJobsAsync(host, store, interruption.Token);
            using ResultCallbacks callbacks = ServerParts.CallbacksFor(server);
            await using TaskWorker worker = new(host.AttemptsOf(LocalId));
            await using LocalSessions sessions = new(host.Sessions);
            await using ExecutionEngine engine = new(
                store, host.EngineOptionsFor(server, callbacks), SteadyTime.System, host.Logging.CreateLogger<ExecutionEngine>());
            await engine.StartAsync(interruption.Token);
            await using ClockWatch clock = ClockWatch.Start(SteadyTime.System, host.Logging.CreateLogger<ClockWatch>());
            if (request.MaxTasks > 0)
            {
                await engine.RegisterLocalAsync(host.RegistrationOf(LocalId, request.MaxTasks), worker);
            }

            await using ApiServer api = await ApiServer.StartAsync(
                new ApiOptions { Server = server }, new ExecutionServices(engine, sessions, jobs, engine), engine, host.Logging, SteadyTime.System, interruption.Token);
            await using WorkerSupervisor supervisor = WorkerSupervisor.Start(
                host.Configuration.Executors, WorkerLaunch.Beside(api.Address, server, request.ConfigPath), Reporter.Say, SteadyTime.System);
            string place = storage.Postgres is null ? $"SQLite {databasePath}" : "PostgreSQL";
            Reporter.Say($"listening on {api.Address.ToString().TrimEnd('/')} ({place}, {request.MaxTasks} tasks at once)");
            await using IdleTrim trim = IdleTrim.Start(SteadyTime.System);
            await UntilAsync(interruption.Token, claim.Lost);
            api.BeginDrain();
            if (claim.Lost.IsCancellationRequested)
            {
                // Whatever ends here now, the other one runs again, and records that.
                Reporter.Say("another server has taken over the database: this one ends");
                await engine.DisposeAsync();
                return ExitCodes.OwnFailure;
            }

            Reporter.Say($"stopping; what runs has {request.Grace.TotalSeconds:0.###} s to finish, else it runs again after the next start; a second signal ends this at once");
            await StopAsync(request.Grace, api, engine, worker, sessions, supervisor);
            return ExitCodes.Success;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Success;
        }
        catch (StorageException failed)
        {
            throw new UsageException($"storage: {failed.Message}");
        }
    }

    private static async Task<JobRunner> OpenJobsAsync(LocalHost host, ITaskStore store, CancellationToken cancellationToken)
    {
        JobRunner jobs = await JobRunner.OpenAsync(
            store,
            host.JobTypes,
            new JobRunnerOptions(),
            SteadyTime.System,
            host.Logging.CreateLogger<JobRunner>(),
            cancellationToken);
        host.Environments.Jobs = jobs;
        return jobs;
    }

    private static async Task UntilAsync(CancellationToken asked, CancellationToken superseded)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(asked, superseded);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Takes nothing more, lets what runs finish for a while, and leaves the rest to the next start.</summary>
    private static async Task StopAsync(TimeSpan grace, ApiServer api, ExecutionEngine engine, TaskWorker worker, LocalSessions sessions, WorkerSupervisor supervisor)
    {
        using CancellationTokenSource timeLimit = new(grace);
        await engine.DrainExecutorAsync(LocalId, CancellationToken.None);
        worker.Drain();
        // Until the tasks are done the API answers: its workers tell it what came of theirs, and whoever waits for one here hears of it.
        await Task.WhenAll(worker.Drained.WaitAsync(timeLimit.Token), sessions.DrainAsync(timeLimit.Token), supervisor.StopAsync(grace))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await api.StopAsync(timeLimit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Before the worker: what is broken off now is no end of a task.
        await engine.DisposeAsync();
    }
}
