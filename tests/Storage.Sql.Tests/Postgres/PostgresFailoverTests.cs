using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>On a server of their own that is there but takes nothing for a while. What a connection was made with it keeps, whatever the server says later.</summary>
public sealed class PostgresFailoverTests : IAsyncLifetime
{
    private ThrowawayCluster? _server;

    // No superuser: those may always connect.
    private string ConnectionString => $"{_server!.ConnectionString};Username=app";

    public async ValueTask InitializeAsync()
    {
        Requirement.Postgres();
        _server = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
        await ExecuteAsync("CREATE ROLE app LOGIN", "GRANT CREATE, USAGE ON SCHEMA public TO app");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("ALTER SYSTEM SET default_transaction_read_only = on", "ALTER SYSTEM RESET default_transaction_read_only", "25006")]
    [InlineData("ALTER ROLE app SET default_transaction_read_only = on", "ALTER ROLE app RESET default_transaction_read_only", "25006")]
    [InlineData("ALTER ROLE app SET statement_timeout = 1", "ALTER ROLE app RESET statement_timeout", "57014")]
    [InlineData("ALTER ROLE app CONNECTION LIMIT 0", "ALTER ROLE app CONNECTION LIMIT -1", "53300")]
    public async Task Writes_go_on_within_seconds_after_the_server_is_well(string breaks, string mends, string state)
    {
        await using ITaskStore store = await OpenAsync(TimeSpan.FromSeconds(1));
        await SubmitAsync(store, "before");
        await ExecuteAsync(breaks, "SELECT pg_reload_conf()");
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => SubmitUntilRefusedAsync(store));
        Assert.True(refused.IsTransient);
        Assert.Contains(state, refused.Message, StringComparison.Ordinal);
        await ExecuteAsync(mends, "SELECT pg_reload_conf()");
        await Poll.UntilAsync("new connections take everything", IsWellAsync);

        await SubmitAsync(store, "after").WaitAsync(TimeSpan.FromSeconds(10));
        Assert.NotNull(await store.GetAsync("before", default));
        Assert.NotNull(await store.GetAsync("after", default));
    }

    [Fact]
    public async Task Write_that_waits_while_the_server_is_read_only_is_done_when_it_is_not()
    {
        WarningLog log = new();
        await using ITaskStore store = await OpenAsync(TimeSpan.FromSeconds(30), log);
        await ExecuteAsync("ALTER ROLE app SET default_transaction_read_only = on");
        await ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");

        Task<SubmitOutcome> write = SubmitAsync(store, "t");
        await log.SeeAsync("25006");
        Assert.False(write.IsCompleted);
        await ExecuteAsync("ALTER ROLE app RESET default_transaction_read_only");

        Assert.Equal(SubmitStatus.Stored, (await write.WaitAsync(TimeSpan.FromSeconds(10))).Status);
    }

    [Fact]
    public async Task Store_that_is_opened_while_the_server_is_read_only_opens_when_it_is_not()
    {
        await ExecuteAsync("ALTER ROLE app SET default_transaction_read_only = on");

        WarningLog log = new();
        Task<ITaskStore> opening = OpenAsync(TimeSpan.FromSeconds(30), log);
        await log.SeeAsync("25006");
        Assert.False(opening.IsCompleted);
        await ExecuteAsync("ALTER ROLE app RESET default_transaction_read_only");

        await using ITaskStore store = await opening.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync(store, "t")).Status);
    }

    private static Task<SubmitOutcome> SubmitAsync(ITaskStore store, string id) =>
        store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UtcNow), default);

    /// <summary>
    /// What comes shortly after a change may still be taken: the server's processes hear of it one after the other. In batches that take more than
    /// a millisecond.
    /// </summary>
    private static async Task SubmitUntilRefusedAsync(ITaskStore store)
    {
        for (int i = 0; i < 100; i++)
        {
            TaskSubmission[] batch = [.. Enumerable.Range(0, 1_000).Select(n => new TaskSubmission(new TaskSpec { TaskId = $"during-{i}-{n}", Code = "1" }, DateTimeOffset.UtcNow))];
            await store.SubmitAsync(batch, default);
        }
    }

    private async Task ExecuteAsync(params string[] statements)
    {
        await using NpgsqlConnection connection = new($"{_server!.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        foreach (string sql in statements)
        {
            await using NpgsqlCommand command = new(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Whether a connection that is made now may write, and for longer than a millisecond.</summary>
    private async Task<bool> IsWellAsync()
    {
        try
        {
            await using NpgsqlConnection connection = new($"{ConnectionString};Pooling=false");
            await connection.OpenAsync();
            await using NpgsqlCommand command = new(
                "SELECT current_setting('default_transaction_read_only') = 'off' AND current_setting('statement_timeout') = '0'", connection);
            return (bool)(await command.ExecuteScalarAsync())!;
        }
        catch (PostgresException)
        {
            return false;
        }
    }

    private Task<ITaskStore> OpenAsync(TimeSpan retryFor, ILogger? logger = null) => SqlTaskStores.OpenPostgresAsync(
        ConnectionString, new SqlStoreOptions { RetryFor = retryFor }, TimeProvider.System, logger ?? NullLogger.Instance, default);
}
