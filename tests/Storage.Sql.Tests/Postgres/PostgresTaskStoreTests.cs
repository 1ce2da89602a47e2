using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Npgsql;

namespace Executor.Storage.Sql.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresTaskStoreTests(PostgresFixture server) : SqlTaskStoreContract
{
    private string? _target;

    public override async ValueTask InitializeAsync()
    {
        _target ??= await server.NewSchemaAsync();
        await base.InitializeAsync();
    }

    protected override (string Kind, string Target) Database => ("postgres", _target!);

    protected override async Task<DbConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_target);
        await connection.OpenAsync();
        return connection;
    }

    protected override string ColumnsSql(string table) =>
        $"SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema AND table_name = '{table}' ORDER BY ordinal_position";

    protected override async Task DropAllAsync() => _target = await server.NewSchemaAsync();

    protected override Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time) =>
        SqlTaskStores.OpenPostgresAsync(_target!, options, time, Logger, None);
}
