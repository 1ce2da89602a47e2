using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Executor.Storage.Sql;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Executor.Cli.Serving;

/// <summary>A server whose database goes while it runs, and comes back: what it has acknowledged is done, once, and <c>/ready</c> tells how it is.</summary>
public sealed class LostStorageTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");

    private string Database => Path.Combine(_folder.FullName, SqlTaskStores.FileName);

    private string Effects => Path.Combine(_folder.FullName, "effects");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task File_that_is_moved_away_under_load_and_comes_back_costs_no_task_that_was_acknowledged()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, "--max-tasks", "2");
        List<string> acknowledged = [];
        await SubmitAsync(server, "a", 40, acknowledged);
        string away = Path.Combine(_folder.FullName, "away.db");
        File.Move(Database, away);

        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable, "no task can be stored: the database can't be used: it can't be opened");
        Assert.False(File.Exists(Database));
        Task late = SubmitAsync(server, "b", 20, acknowledged);
        // By the clock: nothing tells of an answer that does not come.
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(late.IsCompleted);
        File.Move(away, Database);
        await ReadyAsync(server, HttpStatusCode.OK);
        await late.WaitAsync(Soon);

        Assert.Equal(60, acknowledged.Count);
        foreach (string id in acknowledged)
        {
            Assert.Equal("COMPLETED", (await server.ResultAsync(id)).GetProperty("status").GetString());
        }

        Assert.Equal(acknowledged.Order(), (await File.ReadAllLinesAsync(Effects)).Order());
        Assert.Equal(60, CountResults());
    }

    [Fact]
    public async Task Deleted_file_is_told_and_no_task_is_acknowledged_any_more()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName);
        File.Delete(Database);

        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable, "it can't be opened");
        using HttpResponseMessage answer = await server.Http.PostAsJsonAsync("/tasks", new { language = "python", code = "1" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.False(File.Exists(Database));
        Assert.Equal("ok", (await server.GetAsync("/health")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task File_that_another_process_holds_is_told_until_it_is_let_go()
    {
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName);
        await using SqliteConnection other = new($"Data Source={Database};Pooling=False");
        await other.OpenAsync();
        await using SqliteCommand command = new("BEGIN EXCLUSIVE", other);
        await command.ExecuteNonQueryAsync();

        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable, "another process holds it for writing");

        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync();
        await ReadyAsync(server, HttpStatusCode.OK);
    }

    [Fact]
    public async Task PostgreSQL_that_is_read_only_or_away_is_told_until_it_is_well()
    {
        Requirement.Postgres();
        await using ThrowawayCluster cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await using ServerProcess server = await ServerProcess.StartAsync(_folder.FullName, await ServerDatabase.ConfigureAsync(_folder.FullName, cluster));

        await ExecuteAsync(cluster, "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable, "the database is read-only");
        await ExecuteAsync(cluster, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
        await ReadyAsync(server, HttpStatusCode.OK);

        await cluster.StopAsync();
        await ReadyAsync(server, HttpStatusCode.ServiceUnavailable, "the database");
        await cluster.StartAsync();
        await ReadyAsync(server, HttpStatusCode.OK);
    }

    private static async Task ExecuteAsync(ThrowawayCluster cluster, params string[] statements)
    {
        await using NpgsqlConnection connection = new($"{cluster.ConnectionString};Pooling=false;Options=-c default_transaction_read_only=off");
        await connection.OpenAsync();
        foreach (string sql in statements)
        {
#pragma warning disable CA2100 // The tests' own statements.
            await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Waits until <c>/ready</c> answers so.</summary>
    private static Task ReadyAsync(ServerProcess server, HttpStatusCode expected, string detail = "") => Poll.UntilRightAsync(
        async () =>
        {
            using HttpResponseMessage answer = await server.Http.GetAsync("/ready");
            string answered = await answer.Content.ReadAsStringAsync();
            bool isExpected = answer.StatusCode == expected
                && (detail.Length == 0 || JsonDocument.Parse(answered).RootElement.GetProperty("detail").GetString()!.Contains(detail, StringComparison.Ordinal));
            return isExpected ? null : $"It is not {expected} '{detail}' but answers {answered}";
        },
        Soon);

    /// <summary>Submits tasks one by one, each of which leaves a line when it runs.</summary>
    private async Task SubmitAsync(ServerProcess server, string prefix, int count, List<string> acknowledged)
    {
        for (int i = 0; i < count; i++)
        {
            string id = $"{prefix}-{i}";
            object task = new { task_id = id, language = "python", use_sandbox = false, code = $"open('{Effects}', 'a').write('{id}\\n')" };
            using HttpResponseMessage answer = await server.Http.PostAsJsonAsync("/tasks", task);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            acknowledged.Add(id);
        }
    }

    private long CountResults()
    {
        using SqliteConnection connection = new($"Data Source={Database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = new("SELECT count(*) FROM code_execution_results", connection);
        return (long)command.ExecuteScalar()!;
    }
}
