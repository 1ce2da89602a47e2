using System.Globalization;
using System.Text.Json;

namespace Executor.Cli.Serving;

/// <summary>How much memory a server takes for what passes through it. Its heap is small, and it would end if it needed more.</summary>
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
        int tasks = FaultSize.Tasks(200);
        await using ThrowawayCluster? cluster = await ClusterAsync(kind);
        await using ServerProcess server = await ServerProcess.StartInAsync(_folder.FullName, 200, ArgumentsFor(cluster));
        string padding = new('#', 500_000);
        foreach (int[] some in Enumerable.Range(0, tasks).Chunk(10))
        {
            await server.SubmitAsync(some.Select(i => new
            {
                task_id = Id(i),
                language = "python",
                code = $"print('x' * 500_000)\n{padding}",
                limits = new { output_kb = 1024 },
            }));
        }

        for (int i = 0; i < tasks; i += int.Max(1, tasks / 50))
        {
            JsonElement result = await server.ResultAsync(Id(i));
            Assert.Equal(("COMPLETED", 500_001), (result.GetProperty("status").GetString(), result.GetProperty("stdout").GetString()!.Length));
        }

        Assert.InRange(await server.PeakMbAsync(), 1, 300);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Readers_of_a_large_result_that_do_not_read_keep_nobody_from_small_ones_and_from_little_memory(string kind)
    {
        const int length = 16_000_000;
        await using ThrowawayCluster? cluster = await ClusterAsync(kind);
        await using ServerProcess server = await ServerProcess.StartInAsync(_folder.FullName, 256, ArgumentsFor(cluster));
        await server.SubmitAsync(
        [
            new { task_id = "large", language = "python", code = $"print('x' * {length}, end='')", limits = new { output_kb = 16 << 10 } },
            new { task_id = "small", language = "python", code = "print(7)", limits = new { output_kb = 1 } },
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
            Assert.Equal("7\n", (await server.ResultAsync("small")).GetProperty("stdout").GetString());

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

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"t{number}");

    private async Task<ThrowawayCluster?> ClusterAsync(string kind)
    {
        if (kind == "sqlite")
        {
            return null;
        }

        Requirement.Postgres();
        ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yaml"), $"storage:\n  postgres: \"{cluster.ConnectionString}\"\n");
        return cluster;
    }

    private static string[] ArgumentsFor(ThrowawayCluster? cluster) => cluster is null ? [] : ["--config", "config.yaml"];
}
