using Executor.Storage.Sql.Databases;
using Executor.Storage.Sql.Rows;
using Executor.Storage.Sql.Writing;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests.Writing;

public sealed class WriteQueueTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Callers_that_come_while_a_write_is_in_flight_share_the_next()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var database = new FakeDatabase(transaction =>
        {
            begun.TrySetResult();
            return transaction.Index == 0 ? release.Task : Task.CompletedTask;
        });
        await using WriteQueue queue = Open(database);

        List<Task<IReadOnlyList<SubmitOutcome>>> writes = [SubmitAsync(queue, "first")];
        await begun.Task;
        writes.AddRange(Enumerable.Range(0, 50).Select(i => SubmitAsync(queue, $"t{i}")));
        release.SetResult();
        await Task.WhenAll(writes);

        Assert.Equal([1, 50], database.Transactions.Select(transaction => transaction.TaskIds.Count));
    }

    [Fact]
    public async Task Transaction_is_no_larger_than_the_options_say()
    {
        var database = new FakeDatabase(_ => Task.CompletedTask);
        await using WriteQueue queue = Open(database, new SqlStoreOptions { MaxBatch = 10, MaxWaitingWrites = 7 });

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => SubmitAsync(queue, $"t{i}")));

        Assert.All(database.Transactions, transaction => Assert.InRange(transaction.TaskIds.Count, 1, 10));
        Assert.Equal(500, database.Transactions.Sum(transaction => transaction.TaskIds.Count));
    }

    [Fact]
    public async Task Failure_reaches_only_the_caller_to_blame()
    {
        var database = new FakeDatabase(transaction =>
            transaction.TaskIds.Contains("bad") ? throw new InvalidDataException("bad data") : Task.CompletedTask);
        await using WriteQueue queue = Open(database);

        Task<IReadOnlyList<SubmitOutcome>>[] writes = [.. Enumerable.Range(0, 40).Select(i => SubmitAsync(queue, i == 23 ? "bad" : $"t{i}"))];

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => writes[23]);
        Assert.Equal(("bad data", false), (exception.Message, exception.IsTransient));
        await Task.WhenAll(writes.Where((_, i) => i != 23));
    }

    [Fact]
    public async Task Commit_that_was_cut_short_but_done_is_not_done_again()
    {
        FakeDatabase? database = null;
        database = new FakeDatabase(transaction =>
        {
            database!.LastCommitted = transaction.Number;
            return transaction.Index == 0 ? throw new TimeoutException("cut short") : Task.CompletedTask;
        });
        await using WriteQueue queue = Open(database);

        SubmitOutcome outcome = (await PatientlyAsync(SubmitAsync(queue, "t")))[0];

        Assert.Equal(SubmitStatus.Stored, outcome.Status);
        Assert.Single(database.Transactions);
    }

    [Fact]
    public async Task Commit_that_was_cut_short_and_not_done_is_done_again()
    {
        var database = new FakeDatabase(transaction => transaction.Index < 3 ? throw new TimeoutException("away") : Task.CompletedTask);
        await using WriteQueue queue = Open(database);

        SubmitOutcome outcome = (await PatientlyAsync(SubmitAsync(queue, "t")))[0];

        Assert.Equal(SubmitStatus.Stored, outcome.Status);
        Assert.Equal(4, database.Transactions.Count);
        Assert.Single(database.Transactions.Select(transaction => transaction.Number).Distinct());
    }

    [Fact]
    public async Task Connection_that_fails_even_at_its_end_leaves_nobody_without_an_answer()
    {
        var database = new FakeDatabase(transaction => transaction.Index switch
        {
            0 => throw new TimeoutException("away"),
            1 => throw new InvalidDataException("bad data"),
            _ => Task.CompletedTask,
        })
        {
            FailsAtTheEnd = true,
        };
        WriteQueue queue = Open(database);

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => PatientlyAsync(SubmitAsync(queue, "first")));
        Assert.Equal("bad data", exception.Message);
        Assert.Equal(SubmitStatus.Stored, (await PatientlyAsync(SubmitAsync(queue, "second")))[0].Status);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await queue.DisposeAsync());
    }

    [Fact]
    public async Task Write_fails_as_transient_when_the_database_stays_away()
    {
        bool isAway = true;
        var database = new FakeDatabase(_ => isAway ? throw new TimeoutException("away") : Task.CompletedTask);
        await using WriteQueue queue = Open(database, new SqlStoreOptions { RetryFor = TimeSpan.FromSeconds(10) });
        long start = _time.GetTimestamp();

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => PatientlyAsync(SubmitAsync(queue, "t")));

        Assert.True(exception.IsTransient);
        Assert.True(_time.GetElapsedTime(start) >= TimeSpan.FromSeconds(10));
        isAway = false;
        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync(queue, "t"))[0].Status);
    }

    private static Task<IReadOnlyList<SubmitOutcome>> SubmitAsync(WriteQueue queue, string id) => queue.WriteAsync(
        new SubmitRequest([new NewTask(new TaskSubmission(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UnixEpoch))]), CancellationToken.None);

    private WriteQueue Open(FakeDatabase database, SqlStoreOptions? options = null) =>
        // Fake time may run far ahead of a thread that waits for a processor: only a test of giving up may give up.
        new(database, options ?? SqlStoreOptions.Default with { RetryFor = TimeSpan.FromDays(1) }, _time, NullLogger.Instance);

    /// <summary>Lets time pass until the write has been answered.</summary>
    private async Task<T> PatientlyAsync<T>(Task<T> write)
    {
        using var timeLimit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!write.IsCompleted)
        {
            timeLimit.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await write;
    }
}
