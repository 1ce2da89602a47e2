using Executor.Engine;
using Executor.Engine.Jobs;
using Executor.Executors;
using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Executor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Benchmarks.Engine;

/// <summary>An engine on a store of its own, with one executor of this process whose tasks do nothing: only our own machinery is timed.</summary>
internal sealed class EngineUnderTest : IAsyncDisposable
{
    private readonly List<Func<ValueTask>> _cleanUp = [];

    public ExecutionEngine Engine { get; private set; } = null!;

    /// <param name="store">memory, sqlite, sqlite-crash or postgres.</param>
    /// <param name="slots">Tasks at once; 0: nothing runs.</param>
    public static async Task<EngineUnderTest> StartAsync(string store, int slots)
    {
        EngineUnderTest test = new();
        ITaskStore opened = await test.OpenAsync(store);
        test._cleanUp.Add(opened.DisposeAsync);
        EngineOptions options = new() { MaxQueue = 10_000_000 };
        JobRunner jobs = await JobRunner.OpenAsync(opened, [], new JobRunnerOptions(), TimeProvider.System, NullLogger<JobRunner>.Instance, CancellationToken.None);
        test._cleanUp.Add(jobs.DisposeAsync);
        test.Engine = new ExecutionEngine(opened, options, TimeProvider.System, NullLogger.Instance);
        test._cleanUp.Add(test.Engine.DisposeAsync);
        await test.Engine.StartAsync(CancellationToken.None);
        await test.AddExecutorAsync(slots);
        return test;
    }

    public async Task AddExecutorAsync(int slots)
    {
        if (slots > 0)
        {
            TaskWorker worker = new(RunNothingAsync);
            await Engine.RegisterLocalAsync(
                new ExecutorRegistration { ExecutorId = "local", Host = "localhost", MaxTasks = slots }, worker);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Func<ValueTask> clean in Enumerable.Reverse(_cleanUp))
        {
            await clean();
        }
    }

    private static Task<TaskResult> RunNothingAsync(TaskAssignment assignment, OutputReceiver live, CancellationToken cancellationToken)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        return Task.FromResult(new TaskResult
        {
            TaskId = assignment.Spec.TaskId!,
            Attempt = assignment.Attempt,
            Status = ExecutionStatus.Completed,
            ExitCode = 0,
            Stdout = "1\n",
            StartTimeMs = now,
            EndTimeMs = now,
            ExecutorType = RunnerKind.Localhost,
            RuntimeId = "python",
            ConfigId = "local_default",
            Hostname = "host",
        });
    }

    private async Task<ITaskStore> OpenAsync(string store)
    {
        switch (store)
        {
            case "memory":
                return new InMemoryTaskStore(TimeProvider.System);
            case "postgres":
                ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
                _cleanUp.Add(cluster.DisposeAsync);
                return await SqlTaskStores.OpenPostgresAsync(
                    cluster.ConnectionString, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            default:
                DirectoryInfo folder = Directory.CreateTempSubdirectory("executor-engine-");
                _cleanUp.Add(() =>
                {
                    folder.Delete(recursive: true);
                    return ValueTask.CompletedTask;
                });
                return await SqlTaskStores.OpenSqliteAsync(
                    Path.Combine(folder.FullName, SqlTaskStores.FileName),
                    new SqlStoreOptions { Durability = store == "sqlite-crash" ? SqliteDurability.ProcessCrash : SqliteDurability.PowerLoss },
                    TimeProvider.System,
                    NullLogger.Instance,
                    CancellationToken.None);
        }
    }
}
