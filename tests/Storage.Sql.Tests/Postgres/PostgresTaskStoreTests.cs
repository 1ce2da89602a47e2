using Executor.Storage.Sql.Tests.Contract;

namespace Executor.Storage.Sql.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresTaskStoreTests(PostgresFixture server) : SqlTaskStoreContract, INeedsPostgres
{
    private string? _target;

    protected override string Target => _target!;

    public override async Task InitializeAsync()
    {
        _target = await server.NewSchemaAsync();
        await base.InitializeAsync();
    }

    protected override Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time) =>
        SqlTaskStores.OpenPostgresAsync(Target, options, time, Logger, None);
}
