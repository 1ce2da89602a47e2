using System.Diagnostics;
using System.Net;
using Npgsql;

namespace Executor.Cli.Serving;

/// <summary>Servers that are given the same PostgreSQL database: one at a time works, and each task runs once.</summary>
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");
    private ThrowawayCluster? _cluster;

    private string Effects => Path.Combine(_folder.FullName, "effects");

    public async ValueTask InitializeAsync()
    {
        Requirement.Postgres();
        _cluster = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "config.yaml"), $"storage:\n  postgres: \"{_cluster.ConnectionString}\"\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Second_server_does_not_start_beside_the_first_but_at_once_after_it_was_killed()
    {
        await using ServerProcess first = await StartAsync("one");
        await first.SubmitAsync(Tasks("a", 40));

        await RefusedAsync("two");
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal("COMPLETED", (await first.ResultAsync($"a-{i}")).GetProperty("status").GetString());
        }

        // Each ran once, and for nobody else.
        Assert.Equal(40, (await File.ReadAllLinesAsync(Effects)).Length);
        Assert.Equal(40, await AskAsync("SELECT count(*) FROM code_execution_results"));

        await first.KillAsync();
        long killed = Stopwatch.GetTimestamp();
        await using ServerProcess second = await StartAsync("two");
        await second.SubmitAsync(Tasks("b", 1));
        Assert.Equal("COMPLETED", (await second.ResultAsync("b-0")).GetProperty("status").GetString());
        Assert.Equal("COMPLETED", (await second.ResultAsync("a-0")).GetProperty("status").GetString());
        Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Server_whose_lock_is_cut_goes_on_and_still_refuses_another()
    {
        await using ServerProcess first = await StartAsync("one");
        Assert.Equal(1, await AskAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"));
        await first.SubmitAsync(Tasks("a", 5));
        await HeldAsync();

        await RefusedAsync("two");

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("COMPLETED", (await first.ResultAsync($"a-{i}")).GetProperty("status").GetString());
        }

        Assert.Equal(5, (await File.ReadAllLinesAsync(Effects)).Length);
    }

    [Fact]
    public async Task Server_goes_on_when_the_database_was_restarted_and_still_refuses_another()
    {
        await using ServerProcess first = await StartAsync("one");
        await _cluster!.CrashAsync();
        await _cluster.StartAsync();
        await first.SubmitAsync(Tasks("a", 1));
        Assert.Equal("COMPLETED", (await first.ResultAsync("a-0")).GetProperty("status").GetString());
        await HeldAsync();

        await RefusedAsync("two");
    }

    [Fact]
    public async Task Server_whose_database_another_has_taken_over_takes_nothing_more_and_ends()
    {
        await using ServerProcess server = await StartAsync("one");
        Assert.Equal(1, await AskAsync("WITH taken AS (UPDATE writer_claims SET epoch = epoch + 1 RETURNING 1) SELECT count(*) FROM taken"));

        try
        {
            using HttpResponseMessage answer = await server.Http.PostAsync("/tasks", new StringContent("""{"language": "python", "code": "1"}""", null, "application/json"));
            Assert.NotEqual(HttpStatusCode.Accepted, answer.StatusCode);
        }
        catch (HttpRequestException)
        {
            // It has ended already.
        }

        Assert.Equal(125, await server.EndAsync());
        Assert.Contains("another server has taken over the database: this one ends", server.Printed, StringComparison.Ordinal);
        Assert.Equal(0, await AskAsync("SELECT count(*) FROM tasks"));
    }

    private async Task RefusedAsync(string data)
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(data));
        Assert.Contains("storage: Another server uses this PostgreSQL database. Stop it, or name another database", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Waits until a server keeps others away.</summary>
    private Task HeldAsync() => Poll.UntilAsync(
        "a server keeps others away", async () => await AskAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") > 0, TimeSpan.FromSeconds(15));

    private IEnumerable<object> Tasks(string prefix, int count) => Enumerable.Range(0, count).Select(i => new
    {
        task_id = $"{prefix}-{i}",
        language = "python",
        use_sandbox = false,
        code = $"open('{Effects}', 'a').write('{prefix}-{i}\\n')",
    });

    private async Task<long> AskAsync(string sql)
    {
        await using NpgsqlConnection connection = new($"{_cluster!.ConnectionString};Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The tests' own statements.
        await using NpgsqlCommand command = new(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private Task<ServerProcess> StartAsync(string data) => ServerProcess.StartAsync(
        _folder.CreateSubdirectory(data).FullName, "--config", Path.Combine(_folder.FullName, "config.yaml"));
}
