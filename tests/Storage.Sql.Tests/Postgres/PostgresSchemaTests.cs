using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>Stores in schemas of one database.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresSchemaTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Stores_of_different_schemas_know_nothing_of_each_other()
    {
        string connection = await postgres.NewSchemaAsync();
        string schema = $"executor_{Guid.NewGuid():N}";
        await using ITaskStore standard = await OpenAsync(connection, schema: null);
        await using ITaskStore other = await OpenAsync(connection, schema);

        await standard.SubmitAsync(Task("same", "1"), default);
        await other.SubmitAsync(Task("same", "2"), default);
        await other.SubmitAsync(Task("only here", "3"), default);

        Assert.Equal("1", (await standard.GetAsync("same", default))?.Spec.Code);
        Assert.Equal("2", (await other.GetAsync("same", default))?.Spec.Code);
        Assert.Null(await standard.GetAsync("only here", default));
        await using ITaskStore again = await OpenAsync(connection, schema);
        Assert.NotNull(await again.GetAsync("only here", default));
    }

    private static Task<ITaskStore> OpenAsync(string connection, string? schema) => SqlTaskStores.OpenPostgresAsync(
        connection, SqlStoreOptions.Default with { Schema = schema }, TimeProvider.System, NullLogger.Instance, default);

    private static TaskSubmission Task(string id, string code) => new(new TaskSpec { TaskId = id, Language = "python", Code = code }, DateTimeOffset.UnixEpoch);
}
