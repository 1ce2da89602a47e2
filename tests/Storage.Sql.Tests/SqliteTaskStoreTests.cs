using Executor.Storage.Sql.Tests.Contract;

namespace Executor.Storage.Sql.Tests;

public sealed class SqliteTaskStoreTests : SqlTaskStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("executor-sqlite-").FullName;

    protected override string Target => Path.Combine(_folder, "data", "executor.db");

    protected override Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time) =>
        SqlTaskStores.OpenSqliteAsync(Target, options, time, Logger, None);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
