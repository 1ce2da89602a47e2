using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

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

    private static Task<ITaskStore> OpenAsync(string connection, WriterClaim claim) => SqlTaskStores.OpenPostgresAsync(
        connection, SqlStoreOptions.Default with { Claim = claim }, TimeProvider.System, NullLogger.Instance, default);

    private static TaskSubmission Task(string id) => new(new TaskSpec { TaskId = id, Language = "python", Code = "1" }, DateTimeOffset.UnixEpoch);

    private static TaskCompletion End(string id, string stdout) =>
        new(new TaskResult { TaskId = id, Status = ExecutionStatus.Completed, Stdout = stdout });
}
