using Executor.Api;
using Executor.Api.Hosting;
using Executor.Configuration;
using Executor.Engine;
using Executor.Engine.Jobs;
using Executor.Engine.Sessions;
using Executor.Execution;
using Executor.Executors;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Testing;

/// <summary>The engine on memory, and its API on a port of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(1);

    private readonly ITaskStore _store;
    private readonly JobRunner _jobs;
    private readonly LocalSessions _sessions;
    private readonly ApiServer _api;

    private TestServer(ITaskStore store, JobRunner jobs, LocalSessions sessions, ExecutionEngine engine, ApiServer api) =>
        (_store, _jobs, _sessions, Engine, _api) = (store, jobs, sessions, engine, api);

    public ExecutionEngine Engine { get; }

    public Uri Http => _api.Address;

    public Uri Address => new UriBuilder(_api.Address) { Scheme = "ws", Path = "/executors/connect" }.Uri;

    public static async Task<TestServer> StartAsync(TimeProvider? time = null, string? apiKey = null, int port = 0, ITaskStore? store = null)
    {
        time ??= TimeProvider.System;
        store ??= new InMemoryTaskStore(time);
        ExecutionEngine engine = new(store, new EngineOptions(), time, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        ServerOptions options = new() { Port = port, ApiKeys = apiKey is null ? [] : [new Secret(apiKey)] };
        JobRunner jobs = await JobRunner.OpenAsync(store, [], new JobRunnerOptions(), time, NullLogger<JobRunner>.Instance, CancellationToken.None);
        LocalSessions sessions = new(new SessionHost((_, _) => throw new NotSupportedException(), _ => [], new SessionOptions(), time));
        ApiServer api = await ApiServer.StartAsync(
            new ApiOptions { Server = options },
            new ExecutionServices(engine, sessions, jobs, engine),
            engine,
            NullLoggerFactory.Instance,
            time,
            CancellationToken.None);
        return new TestServer(store, jobs, sessions, engine, api);
    }

    public async Task<string> SubmitAsync(TaskSpec task) => (await Engine.SubmitAsync([task], CancellationToken.None))[0].TaskId;

    public Task<string> SubmitAsync(string code, params string[] capabilities) =>
        SubmitAsync(new TaskSpec { Language = "python", Code = code, Capabilities = capabilities });

    /// <summary>A task that says <c>on</c>, waits at a gate and says <c>done</c>.</summary>
    public Task<string> SubmitAsync(Gate gate) =>
        SubmitAsync(new TaskSpec { Language = "python", Code = $"print('on', flush=True)\n{gate.Wait}print('done')", UseSandbox = false });

    public async Task<TaskResult> ResultAsync(string taskId) =>
        await Engine.WaitAsync(taskId, TimeLimit, CancellationToken.None) ?? throw new TimeoutException($"{taskId} did not end");

    /// <summary>Waits until an executor is as it is wanted.</summary>
    public async Task<ExecutorInfo> SeeAsync(string executorId, Func<ExecutorInfo, bool> isWanted)
    {
        ExecutorInfo? found = null;
        await Poll.UntilAsync($"executor {executorId} is as it is wanted", async () =>
        {
            found = (await Engine.ListExecutorsAsync(CancellationToken.None)).FirstOrDefault(executor => executor.Registration.ExecutorId == executorId);
            return found is not null && isWanted(found);
        });
        return found!;
    }

    /// <summary>Waits until an executor is gone.</summary>
    public Task SeeGoneAsync(string executorId) => Poll.UntilAsync(
        $"executor {executorId} is gone",
        async () => (await Engine.ListExecutorsAsync(CancellationToken.None)).All(executor => executor.Registration.ExecutorId != executorId));

    /// <summary>Waits until a task has printed something.</summary>
    public async Task SeeOutputAsync(string taskId)
    {
        using CancellationTokenSource timeLimit = new(TimeLimit);
        await foreach (TaskEvent occurrence in Engine.WatchAsync(taskId, default, timeLimit.Token))
        {
            if (occurrence is TaskOutput)
            {
                return;
            }
        }
    }

    /// <summary>Everything a watcher of a task's standard output sees.</summary>
    public async Task<string> WatchAsync(string taskId)
    {
        string seen = "";
        using CancellationTokenSource timeLimit = new(TimeLimit);
        await foreach (TaskEvent occurrence in Engine.WatchAsync(taskId, default, timeLimit.Token))
        {
            seen += occurrence is TaskOutput { Stream: OutputStream.Stdout } output ? output.Text : "";
        }

        return seen;
    }

    /// <summary>Ends as a server does that is asked to.</summary>
    public Task StopAsync() => _api.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await Engine.DisposeAsync();
        await _sessions.DisposeAsync();
        await _jobs.DisposeAsync();
        await _store.DisposeAsync();
    }
}
