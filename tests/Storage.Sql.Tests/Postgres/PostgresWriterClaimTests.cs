using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>Who takes a claim over is from then on the only one whose writes are taken.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresWriterClaimTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Write_of_a_superseded_claim_fails_and_tells_and_that_of_the_next_is_taken()
    {
        string connection = await postgres.NewSchemaAsync();
        WriterClaim first = new("q");
        WriterClaim second = new("q");
        await using ITaskStore before = await OpenAsync(connection, first);
        await before.SubmitAsync(Task("t"), default);
        await using ITaskStore after = await OpenAsync(connection, second);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => before.CompleteAsync(End("t", "late"), default));
        Assert.False(refused.IsTransient);
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.Equal(first.Epoch + 1, second.Epoch);
        Assert.Equal(WriteOutcome.Recorded, await after.CompleteAsync(End("t", "right"), default));
        Assert.Equal("right", (await after.GetResultAsync("t", default))?.Stdout);
        Assert.False(second.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Superseded_claim_is_found_out_by_a_look_and_another_name_is_not_touched()
    {
        string connection = await postgres.NewSchemaAsync();
        WriterClaim first = new("q");
        WriterClaim other = new("r");
        await using ITaskStore before = await OpenAsync(connection, first);
        await using ITaskStore beside = await OpenAsync(connection, other);
        await first.CheckAsync(default);
        Assert.False(first.Lost.IsCancellationRequested);
        await using ITaskStore after = await OpenAsync(connection, new WriterClaim("q"));

        await first.CheckAsync(default);
        await other.CheckAsync(default);

        Assert.True(first.Lost.IsCancellationRequested);
        Assert.False(other.Lost.IsCancellationRequested);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Exclusive_claim_shares_with_none_until_it_is_closed(bool isFirstExclusive, bool isSecondExclusive)
    {
        string connection = await postgres.NewSchemaAsync();
        WriterClaim first = new("q", isFirstExclusive);
        ITaskStore before = await OpenAsync(connection, first);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(connection, new WriterClaim("r", isSecondExclusive)));

        Assert.False(refused.IsTransient);
        Assert.Contains("Another server uses this PostgreSQL database", refused.Message, StringComparison.Ordinal);
        await first.CheckAsync(default);
        await before.SubmitAsync(Task("t"), default);
        Assert.False(first.Lost.IsCancellationRequested);
        await using (await OpenAsync(await postgres.NewSchemaAsync(), new WriterClaim("q", isExclusive: true)))
        {
            // Another schema is another place.
        }

        await before.DisposeAsync();
        await using ITaskStore after = await OpenAsync(connection, new WriterClaim("q", isSecondExclusive));
        Assert.NotNull(await after.GetAsync("t", default));
    }

    [Fact]
    public async Task Claim_whose_sign_of_life_is_cut_is_held_again_within_seconds_and_writes_go_on()
    {
        string connection = await postgres.NewSchemaAsync();
        WriterClaim first = new("q", isExclusive: true);
        await using ITaskStore before = await OpenAsync(connection, first);
        for (int i = 0; i < 3; i++)
        {
            await CutAsync(connection);
            await before.SubmitAsync(Task($"t{i}"), default);
            await HeldAsync(connection);
        }

        Assert.False(first.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<StorageException>(() => OpenAsync(connection, new WriterClaim("q", isExclusive: true)));
        await before.SubmitAsync(Task("last"), default);
    }

    [Fact]
    public async Task Claim_that_another_took_while_its_sign_of_life_was_cut_is_lost_and_writes_nothing_more()
    {
        string connection = await postgres.NewSchemaAsync();
        WriterClaim first = new("q", isExclusive: true);
        await using ITaskStore before = await OpenAsync(connection, first);
        await before.SubmitAsync(Task("t"), default);

        // Whoever waits for it has it first.
        Task<ITaskStore> waiting = OpenAsync(connection, new WriterClaim("q", isExclusive: true));
        while (!waiting.IsCompleted)
        {
            await CutAsync(connection);
            await System.Threading.Tasks.Task.Delay(5);
            if (waiting.IsFaulted)
            {
                waiting = OpenAsync(connection, new WriterClaim("q", isExclusive: true));
            }
        }

        await using ITaskStore after = await waiting;
        await Assert.ThrowsAsync<StorageException>(() => before.CompleteAsync(End("t", "late"), default));
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.Null(await after.GetResultAsync("t", default));
    }

    /// <summary>Ends the connections that hold a lock in the schema, but for our own.</summary>
    private static Task<long> CutAsync(string connection) => AskAsync(
        connection, $"SELECT count(pg_terminate_backend(pid)) FROM pg_locks {Held}");

    /// <summary>Waits until one holds it.</summary>
    private static Task HeldAsync(string connection) => Poll.UntilAsync(
        "one holds it", async () => await AskAsync(connection, $"SELECT count(*) FROM pg_locks {Held}") > 0, TimeSpan.FromSeconds(10));

    private const string Held =
        """
        WHERE locktype = 'advisory' AND pid <> pg_backend_pid()
          AND (classid::bigint << 32) + objid::bigint = hashtextextended(current_schema()::text, 7311705472882732915)
        """;

    private static async Task<long> AskAsync(string connection, string sql)
    {
        await using NpgsqlConnection own = new($"{connection};Pooling=false");
        await own.OpenAsync();
#pragma warning disable CA2100 // The tests' own statements.
        await using NpgsqlCommand command = new(sql, own);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static Task<ITaskStore> OpenAsync(string connection, WriterClaim claim) => SqlTaskStores.OpenPostgresAsync(
        connection, SqlStoreOptions.Default with { Claim = claim }, TimeProvider.System, NullLogger.Instance, default);

    private static TaskSubmission Task(string id) => new(new TaskSpec { TaskId = id, Language = "python", Code = "1" }, DateTimeOffset.UnixEpoch);

    private static TaskCompletion End(string id, string stdout) =>
        new(new TaskResult { TaskId = id, Status = ExecutionStatus.Completed, Stdout = stdout });
}
