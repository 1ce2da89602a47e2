using System.Globalization;
using System.Text.Json;
using Executor.Storage;
using Executor.Storage.Sql;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Cli.Serving;

/// <summary>How much memory a server takes for what passes through it.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>10,000 of them: <c>EXECUTOR_FAULT_TASKS=10000</c>.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Tasks_of_a_megabyte_each_run_in_300_MiB(string kind)
    {
        int tasks = FaultSize.Tasks(40);
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, await ServerDatabase.ConfigureAsync(_folder.FullName, cluster));
        await server.SubmitAsync(Enumerable.Range(0, tasks).Select(i => Printing(Id(i), 1_000_000)));

        for (int i = 0; i < tasks; i += int.Max(1, tasks / 10))
        {
            Assert.Equal(1_000_000, (await server.ResultAsync(Id(i))).GetProperty("stdout").GetString()!.Length);
        }

        await server.ResultAsync(Id(tasks - 1));
        Assert.InRange(await server.PeakMbAsync(), 1, 300);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Readers_of_a_large_result_that_do_not_read_keep_nobody_from_small_ones_and_from_little_memory(string kind)
    {
        const int length = 16_000_000;
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.FullName, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (256 << 20).ToString("x", CultureInfo.InvariantCulture) }, await ServerDatabase.ConfigureAsync(_folder.FullName, cluster));
        await server.SubmitAsync(
        [
            Printing("large", length),
            Printing("small", 7),
        ]);
        await server.ResultAsync("large");

        using (CancellationTokenSource leaving = new())
        {
            Task<HttpResponseMessage>[] asleep =
            [
                .. Enumerable.Range(0, 30).Select(i => server.Http.GetAsync(
                    i % 3 == 0 ? "/tasks/large/output" : "/tasks/large/result", HttpCompletionOption.ResponseHeadersRead, leaving.Token)),
            ];
            (await await Task.WhenAny(asleep)).EnsureSuccessStatusCode();
            Assert.Equal("xxxxxxx", (await server.ResultAsync("small")).GetProperty("stdout").GetString());

            await leaving.CancelAsync();
            foreach (Task<HttpResponseMessage> reader in asleep)
            {
                await reader.ContinueWith(gone => gone.IsCompletedSuccessfully ? Dispose(gone.Result) : false, TaskScheduler.Default);
            }
        }

        Assert.Equal(length, (await server.ResultAsync("large")).GetProperty("stdout").GetString()!.Length);
        Assert.InRange(await server.PeakMbAsync(), 1, 420);

        static bool Dispose(HttpResponseMessage answer)
        {
            answer.Dispose();
            return true;
        }
    }

    /// <summary>Outputs whose tasks others wait for: an engine that read one of them at its start would need more than the heap that it has.</summary>
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Start_reads_no_outputs(string kind)
    {
        const int parents = 8;
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        await using (ITaskStore store = await OpenAsync(cluster))
        {
            string output = new('x', 16 << 20);
            await store.SubmitAsync([.. Enumerable.Range(0, parents).SelectMany(i => Family(i))], default);
            for (int i = 0; i < parents; i++)
            {
                TaskResult result = new() { TaskId = $"parent-{i}", Attempt = 1, Status = ExecutionStatus.Completed, ExitCode = 0, Stdout = output };
                Assert.Equal(WriteOutcome.Recorded, await store.CompleteAsync(new TaskCompletion(result), default));
            }
        }

        await using ServerProcess server = await ServerProcess.StartAsync(
            _folder.FullName, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (64 << 20).ToString("x", CultureInfo.InvariantCulture) }, await ServerDatabase.ConfigureAsync(_folder.FullName, cluster));

        for (int i = 0; i < parents; i++)
        {
            Assert.Equal("child\n", (await server.ResultAsync($"child-{i}")).GetProperty("stdout").GetString());
        }
    }

    private static TaskSubmission[] Family(int number) =>
    [
        new(new TaskSpec { TaskId = $"parent-{number}", Language = "python", Code = "pass" }, DateTimeOffset.UtcNow),
        new(new TaskSpec { TaskId = $"child-{number}", Language = "python", Code = "print('child')", DependsOn = [$"parent-{number}"] }, DateTimeOffset.UtcNow),
    ];

    private Task<ITaskStore> OpenAsync(ThrowawayCluster? cluster) => cluster is null
        ? SqlTaskStores.OpenSqliteAsync(Path.Combine(_folder.FullName, SqlTaskStores.FileName), SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, default)
        : SqlTaskStores.OpenPostgresAsync(cluster.ConnectionString, SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, default);

    private static object Printing(string id, int length) => new
    {
        task_id = id,
        language = "python",
        code = string.Create(CultureInfo.InvariantCulture, $"print('x' * {length}, end='')"),
        limits = new { output_kb = 16 << 10 },
    };

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number}");
}
