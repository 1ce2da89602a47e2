using Npgsql;

namespace Executor.Server;

/// <summary>Servers that are given the same PostgreSQL database.</summary>
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-server-tests-");
    private ThrowawayCluster? _cluster;

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

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("two"));
        Assert.Contains("storage: Another server uses this PostgreSQL database. Stop it, or name another database", refused.Message, StringComparison.Ordinal);
        await first.SubmitAsync([new { task_id = "t", language = "python", code = "print(1)" }]);
        Assert.Equal("COMPLETED", (await first.ResultAsync("t")).GetProperty("status").GetString());

        await first.KillAsync();
        await using ServerProcess second = await StartAsync("two");
        Assert.Equal("1\n", (await second.ResultAsync("t")).GetProperty("stdout").GetString());
    }

    [Fact]
    public async Task Server_whose_database_another_process_has_taken_over_ends()
    {
        await using ServerProcess server = await StartAsync("one");
        await using NpgsqlConnection connection = new($"{_cluster!.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand takeOver = new("UPDATE writer_claims SET epoch = epoch + 1", connection);
        Assert.Equal(1, await takeOver.ExecuteNonQueryAsync());

        Assert.Equal(125, await server.EndAsync());
        Assert.Contains("another server has taken over the database: this one ends", server.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_goes_on_when_the_database_was_restarted_and_still_refuses_another()
    {
        await using ServerProcess first = await StartAsync("one");
        await _cluster!.CrashAsync();
        await _cluster.StartAsync();
        await first.SubmitAsync([new { task_id = "t", language = "python", code = "print(1)" }]);
        Assert.Equal("COMPLETED", (await first.ResultAsync("t")).GetProperty("status").GetString());
        await Task.Delay(TimeSpan.FromSeconds(4));

        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("two"));
    }

    private Task<ServerProcess> StartAsync(string data) => ServerProcess.StartAsync(
        _folder.CreateSubdirectory(data).FullName, "--config", Path.Combine(_folder.FullName, "config.yaml"));
}
