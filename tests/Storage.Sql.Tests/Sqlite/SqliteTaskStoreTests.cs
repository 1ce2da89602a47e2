using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Microsoft.Data.Sqlite;

namespace Executor.Storage.Sql.Tests.Sqlite;

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

    [Fact]
    public async Task File_that_is_no_database_is_refused_and_left_alone()
    {
        string file = Path.Combine(_folder, "notes.txt");
        string content = new('x', 5_000);
        await System.IO.File.WriteAllTextAsync(file, content);

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => OpenFileAsync(file));

        Assert.Equal(($"SQLite could not use {file}: it is not a SQLite database.", false), (exception.Message, exception.IsTransient));
        Assert.Equal(content, await System.IO.File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Folder_that_can_not_be_made_is_told()
    {
        string file = Path.Combine(_folder, "file");
        await System.IO.File.WriteAllTextAsync(file, "");

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => OpenFileAsync(Path.Combine(file, "executor.db")));

        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_waits_while_another_process_writes()
    {
        await using ITaskStore store = await OpenAnotherAsync();
        await using DbConnection other = await ConnectAsync();
        await using DbCommand command = other.CreateCommand("BEGIN IMMEDIATE");
        await command.ExecuteNonQueryAsync();

        Task<SubmitOutcome> write = store.SubmitAsync(new TaskSubmission(Spec("t"), Time.GetUtcNow()), None);
        // Reads do not wait; and while they are answered the write is not.
        Assert.Null(await store.GetAsync("t", None));
        Assert.False(write.IsCompleted);
        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync();

        Assert.Equal(SubmitStatus.Stored, (await write).Status);
    }

    [Theory]
    [InlineData(null, "data/executor.db")]
    [InlineData("else/where.db", "else/where.db")]
    public async Task Configuration_says_where_the_file_is(string? configured, string expected)
    {
        var storage = new StorageOptions { SqlitePath = configured is null ? null : Path.Combine(_folder, configured) };

        await using ITaskStore store = await SqlTaskStores.OpenAsync(
            storage, Path.Combine(_folder, "data"), Options, Time, Logger, None);
        await store.SubmitAsync(new TaskSubmission(Spec("t"), Time.GetUtcNow()), None);

        Assert.True(System.IO.File.Exists(Path.Combine(_folder, expected)));
    }

    private Task<ITaskStore> OpenFileAsync(string file) => SqlTaskStores.OpenSqliteAsync(file, Options, Time, Logger, None);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
