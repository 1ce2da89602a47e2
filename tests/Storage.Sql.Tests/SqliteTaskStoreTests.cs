using System.Data.Common;
using Executor.Storage.Sql.Tests.Contract;
using Microsoft.Data.Sqlite;

namespace Executor.Storage.Sql.Tests;

public sealed class SqliteTaskStoreTests : SqlTaskStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("executor-sqlite-").FullName;

    private string File => Path.Combine(_folder, "data", "executor.db");

    protected override (string Kind, string Target) Database => ("sqlite", File);

    protected override Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time) =>
        SqlTaskStores.OpenSqliteAsync(File, options, time, Logger, None);

    protected override async Task<DbConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    protected override string ColumnsSql(string table) => $"SELECT name FROM pragma_table_info('{table}') ORDER BY cid";

    protected override Task DropAllAsync()
    {
        System.IO.File.Delete(File);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
