using System.Collections.Concurrent;
using System.Globalization;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests.Postgres;

/// <summary>On a server of their own, which they stop and start.</summary>
public sealed class PostgresRestartTests : IAsyncLifetime
{
    private ThrowawayCluster? _server;

    private ThrowawayCluster Server => _server!;

    public async ValueTask InitializeAsync()
    {
        Requirement.Postgres();
        _server = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Restarts_under_load_lose_nothing_and_record_nothing_twice()
    {
        await using ITaskStore store = await OpenAsync(new SqlStoreOptions { RetryFor = TimeSpan.FromMinutes(2) });
        ConcurrentDictionary<string, Guid> recorded = new();
        using var stop = new CancellationTokenSource();
        Task[] callers = [.. Enumerable.Range(0, 24).Select(caller => Task.Run(() => WriteAsync(store, caller, recorded, stop.Token)))];

        for (int round = 0; round < 6; round++)
        {
            await UntilMoreAreRecordedAsync(callers, recorded, recorded.Count + 150);
            await (round % 2 == 0 ? Server.CrashAsync() : Server.StopAsync());
            await Server.StartAsync();
        }

        await UntilMoreAreRecordedAsync(callers, recorded, recorded.Count + 150);
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        IReadOnlyDictionary<ExecutionStatus, long> counts = await store.CountAsync(CancellationToken.None);
        Assert.Equal((recorded.Count, recorded.Count), (counts[ExecutionStatus.Completed], counts.Values.Sum()));
        foreach ((string id, Guid result) in recorded)
        {
            Assert.Equal(result, (await store.GetResultAsync(id, CancellationToken.None))!.Id);
        }
    }

    [Fact]
    public async Task Server_that_stays_away_fails_calls_as_transient_until_it_is_back()
    {
        await using ITaskStore store = await OpenAsync(new SqlStoreOptions { RetryFor = TimeSpan.FromMilliseconds(300) });
        await store.SubmitAsync(Submission("before"), CancellationToken.None);
        await Server.CrashAsync();

        StorageException write = await Assert.ThrowsAsync<StorageException>(() => store.SubmitAsync(Submission("during"), CancellationToken.None));
        StorageException read = await Assert.ThrowsAsync<StorageException>(() => store.GetAsync("before", CancellationToken.None));
        await Server.StartAsync();

        Assert.True(write.IsTransient && read.IsTransient);
        await Poll.UntilAsync("the store reads again", ReadsAsync);
        Assert.Equal(SubmitStatus.Stored, (await store.SubmitAsync(Submission("during"), CancellationToken.None)).Status);

        // Connecting may take longer than the store tries.
        async Task<bool> ReadsAsync()
        {
            try
            {
                return await store.GetAsync("before", CancellationToken.None) is not null;
            }
            catch (StorageException exception) when (exception.IsTransient)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Wrong_connection_is_refused_without_its_password()
    {
        StorageException exception = await Assert.ThrowsAsync<StorageException>(
            () => OpenAsync(SqlStoreOptions.Default, $"{Server.ConnectionString};Database=none;Password=hush"));
        StorageException unreadable = await Assert.ThrowsAsync<StorageException>(() => OpenAsync(SqlStoreOptions.Default, "Port=hush"));

        Assert.False(exception.IsTransient || unreadable.IsTransient);
        Assert.Contains("none", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", exception.Message + unreadable.Message, StringComparison.Ordinal);
    }

    private static TaskSubmission Submission(string id) => new(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UtcNow);

    /// <summary>Every answer is the first one: even a commit that was cut short is told as what it was.</summary>
    private static async Task WriteAsync(ITaskStore store, int caller, ConcurrentDictionary<string, Guid> recorded, CancellationToken stop)
    {
        for (int i = 0; !stop.IsCancellationRequested; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"{caller}-{i}");
            Assert.Equal(SubmitStatus.Stored, (await store.SubmitAsync(Submission(id), CancellationToken.None)).Status);
            Assert.Equal(WriteOutcome.Recorded, await store.RequeueAsync(new TaskRequeue(id, 1), CancellationToken.None));
            var result = new TaskResult { TaskId = id, Attempt = 2, Status = ExecutionStatus.Completed };
            Assert.Equal(WriteOutcome.Recorded, await store.CompleteAsync(new TaskCompletion(result), CancellationToken.None));
            recorded[id] = result.Id;
        }
    }

    private static async Task UntilMoreAreRecordedAsync(Task[] callers, ConcurrentDictionary<string, Guid> recorded, int count)
    {
        await Poll.UntilAsync(
            $"{count} are recorded",
            async () =>
            {
                await Task.WhenAll(callers.Where(caller => caller.IsFaulted));
                return recorded.Count >= count;
            },
            TimeSpan.FromSeconds(60));
    }

    private Task<ITaskStore> OpenAsync(SqlStoreOptions options, string? connectionString = null) => SqlTaskStores.OpenPostgresAsync(
        connectionString ?? Server.ConnectionString, options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
}
