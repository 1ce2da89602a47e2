using System.Net.Http.Headers;
using System.Text;
using Executor.Api.Hosting;
using Executor.Engine;
using Executor.Engine.Jobs;
using Executor.Engine.Monitoring;
using Executor.Engine.Sessions;
using Executor.Execution;
using Executor.Executors;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Api;

/// <summary>The API of a real engine that keeps its tasks in memory, listening on this machine, with an executor in the hands of the test.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly ITaskStore _store;
    private readonly TaskWorker _worker;
    private readonly JobRunner _jobs;
    private readonly LocalSessions _sessions;

    private ApiHost(
        ITaskStore store, TaskWorker worker, JobRunner jobs, LocalSessions sessions, ExecutionEngine engine, ApiServer server, Attempts attempts)
    {
        (_store, _worker, _jobs, _sessions, Engine, Server, Attempts) = (store, worker, jobs, sessions, engine, server, attempts);
        Client = NewClient();
    }

    public ExecutionEngine Engine { get; }

    public IExecutionService Service => new ExecutionServices(Engine, _sessions, _jobs, Engine);

    public ApiServer Server { get; }

    /// <summary>What runs the tasks.</summary>
    public Attempts Attempts { get; }

    /// <summary>The interpreters of sessions, in the order in which they were started.</summary>
    public required IReadOnlyList<FakeInterpreter> Interpreters { get; init; }

    public HttpClient Client { get; }

    public static async Task<ApiHost> StartAsync(
        ApiOptions? options = null, EngineOptions? engineOptions = null, ITaskStore? store = null, TimeProvider? time = null, int maxTasks = 4)
    {
        store ??= new InMemoryTaskStore(TimeProvider.System);
        Attempts attempts = new();
        TaskWorker worker = new(AttemptTracing.Around(attempts.RunAsync, "local"));
        JobRunner jobs = await JobRunner.OpenAsync(
            store, [new CountJob()], new JobRunnerOptions(), TimeProvider.System, NullLogger<JobRunner>.Instance, CancellationToken.None);
        List<FakeInterpreter> interpreters = [];
        LocalSessions sessions = new(new SessionHost((_, _) => StartAsync(interpreters), CheckSession, new SessionOptions { Max = 2 }, TimeProvider.System));
        ExecutionEngine engine = new(store, engineOptions ?? new EngineOptions(), TimeProvider.System, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        if (maxTasks > 0)
        {
            await engine.RegisterLocalAsync(new ExecutorRegistration { ExecutorId = "local", Host = "here", MaxTasks = maxTasks }, worker);
        }

        options ??= new ApiOptions();
        ApiServer server = await ApiServer.StartAsync(
            options with { Server = options.Server with { Port = 0 } }, new ExecutionServices(engine, sessions, jobs, engine), engine, NullLoggerFactory.Instance, time ?? TimeProvider.System, CancellationToken.None);
        return new ApiHost(store, worker, jobs, sessions, engine, server, attempts) { Interpreters = interpreters };
    }

    public HttpClient NewClient(string? key = null)
    {
        HttpClient client = new() { BaseAddress = Server.Address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return client;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(path);

    /// <summary>Posts a body as it is.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string body = "", string? type = "application/json")
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return await Client.PostAsync(path, content);
    }

    /// <summary>Submits a task that prints its code, or is held where its code says so.</summary>
    public async Task SubmitAsync(string taskId, string code = "hello")
    {
        using HttpResponseMessage answer = await PostAsync("/tasks", Json.Task(taskId, code));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Submits a task and waits for its end.</summary>
    public async Task RunAsync(string taskId, string code = "hello")
    {
        using HttpResponseMessage answer = await PostAsync("/tasks?wait=30", Json.Task(taskId, code));
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Submits a task that is held, and waits until it runs.</summary>
    public async Task<HeldAttempt> HoldAsync(string taskId)
    {
        await SubmitAsync(taskId, Attempts.Hold);
        return await Attempts.NextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Engine.DisposeAsync();
        await _sessions.DisposeAsync();
        await _worker.DisposeAsync();
        await _jobs.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static Task<IInterpreter> StartAsync(List<FakeInterpreter> interpreters)
    {
        FakeInterpreter interpreter = new();
        interpreters.Add(interpreter);
        return Task.FromResult<IInterpreter>(interpreter);
    }

    private static IReadOnlyList<ValidationFault> CheckSession(SessionSpec spec) =>
        spec.Language == "python" ? [] : [new ValidationFault("language", $"{spec.Language} has no sessions; these have: python")];
}
