using System.Data.Common;
using Executor.Storage.Sql.Databases;
using Executor.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Storage.Sql.Tests;

/// <summary>What every store in a database must do besides.</summary>
public abstract partial class SqlTaskStoreContract : TaskStoreContract
{
    /// <summary>Small pages and steps, so that a few hundred tasks need many of them.</summary>
    protected static SqlStoreOptions Options { get; } = new() { OutputLimit = OutputLimit, MaxBatch = 64 };

    protected static NullLogger Logger => NullLogger.Instance;

    protected override Task<ITaskStore> OpenAsync() => OpenAsync(Options, Time);

    /// <summary>Opens a store on this test's database.</summary>
    protected abstract Task<ITaskStore> OpenAsync(SqlStoreOptions options, TimeProvider time);

    /// <summary>Opens a store that other stores get in the way of, so that it must be able to wait.</summary>
    protected Task<ITaskStore> OpenAnotherAsync() => OpenAsync(Options, TimeProvider.System);

    /// <summary>A connection of the test's own to this test's database.</summary>
    protected abstract Task<DbConnection> ConnectAsync();

    /// <summary>SQL for the names of a table's columns, in order.</summary>
    protected abstract string ColumnsSql(string table);

    protected async Task<List<string>> QueryAsync(string sql)
    {
        await using DbConnection connection = await ConnectAsync();
        await using DbCommand command = connection.CreateCommand(sql);
        return await command.ReadAllAsync(reader => Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!, None);
    }

    protected async Task ExecuteAsync(string sql)
    {
        await using DbConnection connection = await ConnectAsync();
        await using DbCommand command = connection.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    [Fact]
    public async Task Reopened_store_has_everything()
    {
        await SubmitAsync(FullSpec);
        await SubmitManyAsync(200, i => Spec(Number(i)));
        TaskResult result = Completed(Number(7));
        await CompleteAsync(result);
        await Store.RequeueAsync(new TaskRequeue(Number(8), 1) { Failures = 1 }, None);
        List<string> open = await OpenIdsAsync();
        TaskState requeued = await StateAsync(Number(8));
        await Store.DisposeAsync();

        await base.InitializeAsync();

        Assert.Equal(open, await OpenIdsAsync());
        Assert.Equal(requeued, await StateAsync(Number(8)));
        Assert.Equal(Text(FullSpec), Text((await Store.GetAsync("full", None))!.Spec));
        Assert.Equal(Text(result), Text((await Store.GetResultAsync(Number(7), None))!));
        Assert.Equal(SubmitStatus.Existing, (await SubmitAsync(Spec(Number(7)))).Status);
    }

    [Fact]
    public async Task Tables_have_the_columns_that_others_read()
    {
        Dictionary<string, string> expected = new()
        {
            ["code_execution_results"] = "id executor_type executor_id runtime_id name config_id completed success exit_code stdout stderr "
                + "hostname start_time_ms end_time_ms duration_sec error",
            ["docker_executors"] = "docker_executor_id code_executor image",
            ["ssh_executors"] = "ssh_executor_id code_executor host port username",
            ["local_executors"] = "local_executor_id code_executor executor_path timeout_sec work_dir",
            ["executors"] = "executor_id host port max_tasks capabilities last_seen_ms",
        };

        foreach ((string table, string columns) in expected)
        {
            Assert.Equal(columns, string.Join(' ', await QueryAsync(ColumnsSql(table))));
        }
    }

    [Fact]
    public async Task Tables_can_be_read_with_plain_sql()
    {
        await SubmitAsync(Spec("t") with { Name = "n" });
        await CompleteAsync(Completed("t") with
        {
            Status = ExecutionStatus.Failed,
            ExitCode = 3,
            Name = "n",
            ConfigId = "docker_python_default",
            Hostname = "h",
            Error = new TaskError { Type = "exit_code", Message = "It ended with 3." },
        });

        Assert.Equal(
            ["localhost|local-1|python|n|docker_python_default|3|1\n|h|1900000000000|exit_code: It ended with 3."],
            await QueryAsync(
                "SELECT executor_type || '|' || executor_id || '|' || runtime_id || '|' || name || '|' || config_id || '|' || exit_code || '|' || stdout "
                + "|| '|' || hostname || '|' || start_time_ms || '|' || error FROM code_execution_results WHERE completed AND NOT success"));
        Assert.Equal(["FAILED"], await QueryAsync("SELECT status FROM tasks WHERE task_id = 't'"));
    }

    [Fact]
    public async Task Tables_of_the_version_before_are_brought_up_to_date_with_what_is_in_them()
    {
        await SubmitAsync("before");
        await Store.DisposeAsync();
        await ExecuteAsync("DROP TABLE callbacks");
        await ExecuteAsync("DELETE FROM schema_version WHERE version = 3");

        await using ITaskStore store = await OpenAsync();

        await store.CompleteAsync(new TaskCompletion(Completed("before")) { CallbackUrl = "http://h/" }, None);
        Assert.Equal("before", Assert.Single(await store.ReadWaitingCallbacksAsync("h", 10, None)).TaskId);
    }

    [Fact]
    public async Task Tables_of_a_newer_program_are_refused()
    {
        await Store.DisposeAsync();
        await ExecuteAsync("INSERT INTO schema_version (version) VALUES (99)");

        StorageException exception = await Assert.ThrowsAsync<StorageException>(OpenAsync);

        Assert.False(exception.IsTransient);
        Assert.Contains("version 99", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["99"], await QueryAsync("SELECT max(version) FROM schema_version"));
    }

    [Fact]
    public async Task Stores_opened_at_once_on_an_empty_database_share_it()
    {
        await Store.DisposeAsync();
        await DropAllAsync();

        ITaskStore[] stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(OpenAnotherAsync)));

        SubmitOutcome[] outcomes = await Task.WhenAll(stores.Select(store => store.SubmitAsync(new TaskSubmission(Spec("t"), Time.GetUtcNow()), None)));
        Assert.Single(outcomes, outcome => outcome.Status == SubmitStatus.Stored);
        Assert.Equal(3, outcomes.Count(outcome => outcome.Status == SubmitStatus.Existing));
        foreach (ITaskStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_stores_that_race_to_change_tasks_exactly_one_records_each()
    {
        await using ITaskStore one = await OpenAnotherAsync();
        await using ITaskStore other = await OpenAnotherAsync();
        ITaskStore[] stores = [one, other];
        string[] ids = [.. Enumerable.Range(0, 150).Select(Number)];

        SubmitStatus[] submits = await Task.WhenAll(stores.SelectMany(store => ids.Select(async id =>
            (await store.SubmitAsync(new TaskSubmission(Spec(id), Time.GetUtcNow()), None)).Status)));
        Assert.Equal(ids.Length, submits.Count(status => status == SubmitStatus.Stored));
        Assert.Equal(ids.Length, submits.Count(status => status == SubmitStatus.Existing));

        WriteOutcome[] requeues = await Task.WhenAll(stores.SelectMany(store => ids.Select(id => store.RequeueAsync(new TaskRequeue(id, 1), None))));
        Assert.Equal(ids.Length, requeues.Count(outcome => outcome == WriteOutcome.Recorded));

        WriteOutcome[] ends = await Task.WhenAll(stores.SelectMany(store => ids.Select(
            id => store.CompleteAsync(new TaskCompletion(Completed(id, attempt: 2)), None))));
        Assert.Equal(ids.Length, ends.Count(outcome => outcome == WriteOutcome.Recorded));
        Assert.Equal([ids.Length.ToString()], await QueryAsync("SELECT count(*) FROM code_execution_results"));
    }

    [Fact]
    public async Task Result_with_the_id_of_another_fails_alone()
    {
        await SubmitManyAsync(30, i => Spec(Number(i)));
        TaskResult first = Completed(Number(0));
        await CompleteAsync(first);

        Task<WriteOutcome>[] writes = [.. Enumerable.Range(1, 29).Select(
            i => CompleteAsync(Completed(Number(i)) with { Id = i == 13 ? first.Id : Guid.CreateVersion7() }))];

        StorageException exception = await Assert.ThrowsAsync<StorageException>(() => writes[12]);
        Assert.False(exception.IsTransient);
        Assert.All(await Task.WhenAll(writes.Where((_, i) => i != 12)), outcome => Assert.Equal(WriteOutcome.Recorded, outcome));
        Assert.Equal([Number(13)], await OpenIdsAsync());
    }

    [Fact]
    public async Task Closed_store_writes_what_came_before_and_nothing_after()
    {
        Task<SubmitOutcome>[] writes = [.. Enumerable.Range(0, 300).Select(i => SubmitAsync(Spec(Number(i))))];

        await Store.DisposeAsync();

        Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(SubmitStatus.Stored, outcome.Status));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SubmitAsync("late"));
    }

    [Fact]
    public async Task Cancelled_write_stops_waiting_and_leaves_the_others_alone()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.SubmitAsync(new TaskSubmission(Spec("a"), Time.GetUtcNow()), cancelled.Token));

        Assert.Equal(SubmitStatus.Stored, (await SubmitAsync(Spec("b"))).Status);
    }

    /// <summary>Makes the database as it was before anything opened it.</summary>
    protected abstract Task DropAllAsync();
}
