using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Storage.Sql;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Executor.Cli.Serving;

/// <summary>Servers, workers and databases that are killed while tasks run: each task ends once, with the right result.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Server_killed_again_and_again_ends_every_task_once()
    {
        int tasks = FaultSize.Tasks(300);
        const int kills = 5;
        Random random = new(20311);
        ServerProcess server = await ServerProcess.StartAsync(_folder.FullName);
        try
        {
            await server.SubmitAsync(Tasks(tasks));
            for (int i = 0; i < kills; i++)
            {
                // Somewhere in the next share of the work; the last one may be done already.
                await server.ResultAsync(Id(((i * tasks) + random.Next(tasks)) / (kills + 1)));
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(_folder.FullName);
            }

            await CheckAsync(server, tasks);
            await server.StopAsync();
            Assert.Equal(tasks, CountResults());
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Worker_killed_again_and_again_ends_every_task_once()
    {
        int tasks = FaultSize.Tasks(150);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "config.yaml"),
            "executors:\n  one: {max_tasks: 2, capabilities: [apart]}\n  two: {max_tasks: 2, capabilities: [apart]}\n");
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, "--config", "config.yaml");
        await server.SubmitAsync(Tasks(tasks, "apart"));
        for (int i = 0; i < 5; i++)
        {
            await server.ResultAsync(Id((i + 1) * tasks / 8));
            int[] workers = [];
            await Poll.UntilAsync("a worker runs", () => (workers = WorkersOf(server)).Length > 0);
            await Signals.KillAsync(workers[i % workers.Length]);
        }

        await CheckAsync(server, tasks);
    }

    [Fact]
    public async Task Database_restarted_under_load_ends_every_task_once()
    {
        Requirement.Postgres();
        int tasks = FaultSize.Tasks(240);
        await using ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, await ServerDatabase.ConfigureAsync(_folder.FullName, cluster));
        await server.SubmitAsync(Tasks(tasks));
        for (int i = 0; i < 3; i++)
        {
            await server.ResultAsync(Id((i + 1) * tasks / 5));
            await (i == 0 ? cluster.StopAsync() : cluster.CrashAsync());
            await cluster.StartAsync();
        }

        await CheckAsync(server, tasks);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Server_killed_while_it_stores_a_large_batch_has_all_of_it_or_nothing_and_takes_it_again(string kind)
    {
        int children = FaultSize.Tasks(800);
        await using ThrowawayCluster? cluster = await ServerDatabase.StartAsync(kind);
        object[] batch =
        [
            .. Tasks(children).Select(task => new { task_id = task.TaskId, language = task.Language, code = task.Code, depends_on = new[] { "parent" } }),
            new { task_id = "parent", language = "python", code = "print(7)" },
        ];
        string[] config = await ServerDatabase.ConfigureAsync(_folder.FullName, cluster);
        ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, config);
        try
        {
            Task submit = server.SubmitAsync(batch);
            using CancellationTokenSource timeLimit = new(TimeSpan.FromMinutes(1));
            while (await CountTasksAsync(cluster) == 0)
            {
                // No pause: the kill is to come before the answer.
                timeLimit.Token.ThrowIfCancellationRequested();
            }

            await server.KillAsync();
            await submit.ContinueWith(_ => { }, TaskScheduler.Default);
            Assert.Equal(children + 1, await CountTasksAsync(cluster));
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(_folder.FullName, config);

            await server.SubmitAsync(batch);

            Assert.Equal("7\n", (await server.ResultAsync("parent")).GetProperty("stdout").GetString());
            for (int i = 0; i < children; i++)
            {
                Assert.Equal("COMPLETED", (await server.ResultAsync(Id(i))).GetProperty("status").GetString());
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private async Task<long> CountTasksAsync(ThrowawayCluster? cluster)
    {
        await using DbConnection connection = cluster is null
            ? new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, SqlTaskStores.FileName)};Mode=ReadOnly;Pooling=False")
            : new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        await using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM tasks";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Rows of the table of results: a result that was recorded twice would be there twice.</summary>
    private long CountResults()
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_folder.FullName, SqlTaskStores.FileName)};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM code_execution_results";
        return (long)command.ExecuteScalar()!;
    }

    private static IEnumerable<SubmittedTask> Tasks(int count, params string[] capabilities) =>
        Enumerable.Range(0, count).Select(i => new SubmittedTask(Id(i), "python", $"print({i} * {i})", capabilities));

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"task-{number}");

    private static async Task CheckAsync(ServerProcess server, int count)
    {
        for (int i = 0; i < count; i++)
        {
            JsonElement result = await server.ResultAsync(Id(i));
            Assert.Equal("COMPLETED", result.GetProperty("status").GetString());
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{(long)i * i}\n"), result.GetProperty("stdout").GetString());
        }

        HashSet<string> listed = [];
        string? cursor = null;
        do
        {
            JsonElement page = await server.GetAsync($"/tasks?status=COMPLETED&limit=500{(cursor is null ? "" : $"&cursor={cursor}")}");
            foreach (JsonElement task in page.GetProperty("tasks").EnumerateArray())
            {
                Assert.True(listed.Add(task.GetProperty("task_id").GetString()!));
            }

            cursor = page.TryGetProperty("next_cursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
        Assert.Equal(count, listed.Count);
    }

    private static int[] WorkersOf(ServerProcess server) =>
        [.. HostProcesses.ChildrenOf(server.Id).Where(id => HostProcesses.Arguments(id).Contains("worker"))];

    private sealed record SubmittedTask(
        [property: JsonPropertyName("task_id")] string TaskId,
        [property: JsonPropertyName("language")] string Language,
        [property: JsonPropertyName("code")] string Code,
        [property: JsonPropertyName("capabilities")] string[] Capabilities);
}
