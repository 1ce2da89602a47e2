using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests.Sqlite;

/// <summary>The file goes, fills up, is held or damaged while a store has it open: nothing is acknowledged that is not in it, and who asks is told why.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("executor-sqlite-");

    private string File => Path.Combine(_folder.FullName, "executor.db");

    private string Elsewhere => Path.Combine(_folder.FullName, "elsewhere.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_and_the_folders_that_are_made_for_them_are_their_owners_alone()
    {
        string folder = Path.Combine(_folder.FullName, "made", "for-it");
        await using ITaskStore store = await SqlTaskStores.OpenSqliteAsync(
            Path.Combine(folder, "executor.db"), SqlStoreOptions.Default, TimeProvider.System, NullLogger.Instance, default);
        await SubmitAsync(store, "task");

        Assert.All([folder, Path.GetDirectoryName(folder)!], made => Assert.Equal((UnixFileMode)0b111_000_000, Modes.Of(made)));
        Assert.Equal(["executor.db", "executor.db-shm", "executor.db-wal"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(folder), file => Assert.Equal((UnixFileMode)0b110_000_000, Modes.Of(file)));
    }

    [Fact]
    public async Task Folder_and_file_that_are_there_keep_their_modes()
    {
        Modes.Set(_folder.FullName, (UnixFileMode)0b111_101_101);
        await System.IO.File.WriteAllBytesAsync(File, []);
        Modes.Set(File, (UnixFileMode)0b110_100_000);
        await using ITaskStore store = await OpenAsync();

        Assert.Equal((UnixFileMode)0b111_101_101, Modes.Of(_folder.FullName));
        Assert.Equal((UnixFileMode)0b110_100_000, Modes.Of(File));
    }

    [Fact]
    public async Task Deleted_file_takes_no_more_tasks_and_is_not_made_anew()
    {
        await using ITaskStore store = await OpenAsync();
        await SubmitAsync(store, "before");
        Assert.Null(await store.FindOutageAsync(default));
        System.IO.File.Delete(File);

        StorageException refused = await Assert.ThrowsAsync<StorageException>(() => SubmitAsync(store, "during"));

        Assert.True(refused.IsTransient);
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
        await Assert.ThrowsAsync<StorageException>(() => store.GetAsync("before", default));
        string outage = await OutageAsync(store);
        Assert.Contains("it can't be opened", outage, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, outage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_task_that_was_acknowledged_is_in_the_file_however_often_it_was_moved_away_and_back()
    {
        WarningLog log = new();
        await using ITaskStore store = await OpenAsync(TimeSpan.FromSeconds(30), log);
        using CancellationTokenSource stop = new();
        ConcurrentQueue<string> acknowledged = [];
        Task[] callers = [.. Enumerable.Range(0, 4).Select(caller => Task.Run(() => SubmitManyAsync(store, caller, acknowledged, stop.Token)))];
        for (int i = 0; i < 20; i++)
        {
            await MoreAsync(acknowledged, callers);
            System.IO.File.Move(File, Elsewhere);
            log.Forget();
            await log.SeeAsync("trying again");
            System.IO.File.Move(Elsewhere, File);
        }

        await MoreAsync(acknowledged, callers);
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Equal(acknowledged.Order(), (await IdsAsync(File)).Order());
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_write_ahead_log_is_deleted()
    {
        await using (ITaskStore store = await OpenAsync(TimeSpan.FromSeconds(30)))
        {
            await SubmitAsync(store, "before");
            System.IO.File.Delete($"{File}-wal");
            await SubmitAsync(store, "after").WaitAsync(Soon);
            await SubmitAsync(store, "later").WaitAsync(Soon);
            Assert.Null(await store.FindOutageAsync(default));
        }

        Assert.Equal(["after", "before", "later"], (await IdsAsync(File)).Order());
    }

    [Fact]
    public async Task File_that_is_put_in_its_place_is_written_to()
    {
        await using ITaskStore store = await OpenAsync(TimeSpan.FromSeconds(30));
        await SubmitAsync(store, "before");
        await ExecuteAsync(File, $"VACUUM INTO '{Elsewhere}'");
        await SubmitAsync(store, "since");
        System.IO.File.Delete($"{File}-wal");
        System.IO.File.Move(Elsewhere, File, overwrite: true);

        await SubmitAsync(store, "after").WaitAsync(Soon);

        Assert.Equal(["after", "before"], (await IdsAsync(File)).Order());
        Assert.NotNull(await store.GetAsync("after", default));
    }

    [Fact]
    public async Task File_that_another_process_holds_takes_tasks_again_when_it_is_let_go()
    {
        await using ITaskStore store = await OpenAsync();
        await using SqliteConnection other = await ConnectAsync(File);
        await using DbCommand command = other.CreateCommand("BEGIN EXCLUSIVE");
        await command.ExecuteNonQueryAsync();

        Assert.Contains("another process holds it for writing", await OutageAsync(store, "holds it"), StringComparison.Ordinal);

        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync();
        await WellAsync(store);
        await SubmitAsync(store, "after");
    }

    [Fact]
    public async Task Damage_is_told()
    {
        await using ITaskStore store = await OpenAsync();
        for (int i = 0; i < 50; i++)
        {
            await SubmitAsync(store, $"t{i}");
        }

        await ExecuteAsync(File, "PRAGMA wal_checkpoint(TRUNCATE)");
        await using (FileStream file = new(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Write(new byte[file.Length]);
        }

        Assert.Contains("database", await OutageAsync(store), StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageException>(() => SubmitAsync(store, "after"));
    }

    [Fact]
    public async Task Full_disk_refuses_and_tells_and_is_written_to_again_when_there_is_room()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounts a small disk, which only root may.");
        string disk = Directory.CreateDirectory(Path.Combine(_folder.FullName, "disk")).FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk);
        try
        {
            await using ITaskStore store = await SqlTaskStores.OpenSqliteAsync(
                Path.Combine(disk, "executor.db"), new SqlStoreOptions { RetryFor = TimeSpan.FromMilliseconds(300) }, TimeProvider.System, NullLogger.Instance, default);
            await SubmitAsync(store, "before");
            string filler = Path.Combine(disk, "filler");
            await FillAsync(filler);

            StorageException refused = await Assert.ThrowsAsync<StorageException>(() => SubmitAsync(store, "during"));
            Assert.True(refused.IsTransient);
            Assert.Contains("full", await OutageAsync(store), StringComparison.Ordinal);

            System.IO.File.Delete(filler);
            await WellAsync(store);
            await SubmitAsync(store, "after");
            Assert.Equal(["after", "before"], (await IdsAsync(Path.Combine(disk, "executor.db"))).Order());
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
        }
    }

    [Fact]
    public async Task Asking_writes_little_and_an_idle_store_nothing()
    {
        await using ITaskStore store = await OpenAsync();
        await SubmitAsync(store, "t");
        long before = new FileInfo($"{File}-wal").Length;
        // By the clock: nothing tells of what is not written.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.Equal(before, new FileInfo($"{File}-wal").Length);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => store.FindOutageAsync(default))), Assert.Null);

        // One transaction of one page, with its header.
        Assert.Equal(before + 4096 + 24, new FileInfo($"{File}-wal").Length);
    }

    private static async Task SubmitManyAsync(ITaskStore store, int caller, ConcurrentQueue<string> acknowledged, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            string id = $"{caller}-{i}";
            await SubmitAsync(store, id);
            acknowledged.Enqueue(id);
        }
    }

    /// <summary>Waits until more tasks have been acknowledged.</summary>
    private static Task MoreAsync(ConcurrentQueue<string> acknowledged, Task[] callers)
    {
        int before = acknowledged.Count;
        return Poll.UntilAsync(
            "more tasks are taken",
            async () =>
            {
                await Task.WhenAll(callers.Where(caller => caller.IsFaulted));
                return acknowledged.Count > before + 10;
            },
            Soon);
    }

    private static Task<SubmitOutcome> SubmitAsync(ITaskStore store, string id) =>
        store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UtcNow), default);

    /// <summary>What the store says is wrong, once it does.</summary>
    private static async Task<string> OutageAsync(ITaskStore store, string text = "")
    {
        string? outage = null;
        await Poll.UntilRightAsync(
            async () =>
            {
                outage = await store.FindOutageAsync(default);
                return outage is not null && outage.Contains(text, StringComparison.Ordinal) ? null : $"It says: {outage ?? "all is well"}";
            },
            Soon);
        return outage!;
    }

    private static Task WellAsync(ITaskStore store) => Poll.UntilRightAsync(() => store.FindOutageAsync(default), Soon);

    private static async Task<SqliteConnection> ConnectAsync(string file)
    {
        SqliteConnection connection = new($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(string file, string sql)
    {
        await using SqliteConnection connection = await ConnectAsync(file);
        await using DbCommand command = connection.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> IdsAsync(string file)
    {
        await using SqliteConnection connection = await ConnectAsync(file);
        await using DbCommand command = connection.CreateCommand("SELECT task_id FROM tasks");
        return await command.ReadAllAsync(reader => reader.GetString(0), default);
    }

    /// <summary>Writes until there is no room.</summary>
    private static async Task FillAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] some = new byte[4096];
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await file.WriteAsync(some);
            }
        });
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private Task<ITaskStore> OpenAsync(TimeSpan? retryFor = null, ILogger? logger = null) => SqlTaskStores.OpenSqliteAsync(
        File, new SqlStoreOptions { RetryFor = retryFor ?? TimeSpan.FromMilliseconds(300) }, TimeProvider.System, logger ?? NullLogger.Instance, default);
}
