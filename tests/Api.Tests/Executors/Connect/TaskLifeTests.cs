using System.Text.Json;
using Executor.Executors;
using Executor.Executors.Protocol;
using Executor.Tasks;

namespace Executor.Api.Executors.Connect;

/// <summary>What becomes of tasks that are given to a connected executor.</summary>
public sealed class TaskLifeTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(_time);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Task_is_run_its_output_watched_and_its_result_stored()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        string id = await _server.SubmitAsync("print(6 * 7)");
        Task<string> watched = _server.WatchAsync(id);

        JsonElement run = await executor.ReceiveAsync("run");
        Assert.Equal(("print(6 * 7)", 1), (run.GetProperty("task").GetProperty("code").GetString(), run.GetProperty("attempt").GetInt32()));
        await executor.OutputAsync(id, 1, "4");
        await executor.OutputAsync(id, 1, "said twice");
        await executor.SendAsync($$"""{"type":"output","task_id":"{{id}}","attempt":1,"stream":"stdout","seq":2,"encoding":"base64","data":"Mgr/"}""");
        await executor.ResultAsync(id, more: ""","exit_code":0,"stdout":"42\n\ufffd" """);

        JsonElement ack = await executor.ReceiveAsync("result_ack");
        Assert.Equal((id, true), (ack.GetProperty("task_id").GetString(), ack.GetProperty("accepted").GetBoolean()));
        TaskResult result = await _server.ResultAsync(id);
        Assert.Equal((ExecutionStatus.Completed, "42\n\ufffd", "e1"), (result.Status, result.Stdout, result.ExecutorId));
        Assert.Equal("42\n\ufffd", await watched);
    }

    [Fact]
    public async Task Large_result_waits_while_others_are_received_and_its_executor_is_not_lost_meanwhile()
    {
        int places = new ExecutorConnectOptions().MaxLargeFrames;
        string large = new('x', 2 * FrameSocket.LargeBytes);
        List<(TestExecutor Executor, string Task)> senders = [];
        for (int i = 0; i <= places; i++)
        {
            (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server, $"e{i}");
            senders.Add((executor, await _server.SubmitAsync("1")));
            await executor.ReceiveAsync("run");
            string begin = $$"""{"type":"result","task_id":"{{senders[i].Task}}","attempt":1,"result":{"task_id":"{{senders[i].Task}}","status":"COMPLETED","stdout":"{{large}}""";
            await executor.SendAsync($$"""{"type":"heartbeat","running":[{"task_id":"{{senders[i].Task}}","attempt":1}]}""");
            await (i < places ? executor.SendPartAsync(begin) : executor.SendAsync($$$"""{{{begin}}}"}}"""));
        }

        DateTimeOffset before = _time.GetUtcNow();
        await Poll.UntilAsync("the last one counts as alive though it can say nothing", async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            IReadOnlyList<ExecutorInfo> executors = await _server.Engine.ListExecutorsAsync(CancellationToken.None);
            return executors.Single(executor => executor.Registration.ExecutorId == $"e{places}").LastSeenAt > before;
        });
        Assert.Null(await _server.Engine.GetResultAsync(senders[^1].Task, CancellationToken.None));

        await senders[0].Executor.SendAsync("\"}}");

        Assert.Equal(large.Length, (await _server.ResultAsync(senders[^1].Task)).Stdout.Length);
        senders.ForEach(sender => sender.Executor.Dispose());
    }

    [Fact]
    public async Task Running_task_that_is_cancelled_is_stopped_and_ends_as_its_executor_reports()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        string id = await _server.SubmitAsync("1");
        await executor.ReceiveAsync("run");

        Assert.Equal(CancelOutcome.Requested, await _server.Engine.CancelAsync(id, CancellationToken.None));
        JsonElement cancel = await executor.ReceiveAsync("cancel");
        Assert.Equal((id, 1), (cancel.GetProperty("task_id").GetString(), cancel.GetProperty("attempt").GetInt32()));
        await executor.ResultAsync(id, "CANCELLED");

        Assert.True((await executor.ReceiveAsync("result_ack")).GetProperty("accepted").GetBoolean());
        Assert.Equal(ExecutionStatus.Cancelled, (await _server.ResultAsync(id)).Status);
    }

    [Fact]
    public async Task Executor_that_drops_and_comes_back_keeps_its_task_and_goes_on_with_the_output()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        string id = await _server.SubmitAsync("1");
        Task<string> watched = _server.WatchAsync(id);
        await executor.ReceiveAsync("run");
        await executor.OutputAsync(id, 1, "one ");
        await executor.OutputAsync(id, 2, "two ");
        // A question whose answer shows that everything before it has arrived.
        await executor.ResultAsync("unknown");
        await executor.ReceiveAsync("result_ack");
        executor.Drop();
        executor.Dispose();
        await _server.SeeAsync("e1", info => info.Status == ExecutorStatus.Disconnected);

        (executor, JsonElement registered) = await TestExecutor.RegisterAsync(_server, more: $$""","running":[{"task_id":"{{id}}","attempt":1}]""");
        using TestExecutor owned = executor;
        Assert.Empty(registered.GetProperty("stale").EnumerateArray());
        Assert.Equal(2, Assert.Single(registered.GetProperty("received").EnumerateArray()).GetProperty("seq").GetInt64());
        await executor.OutputAsync(id, 2, "two ");
        await executor.OutputAsync(id, 3, "three");
        await executor.ResultAsync(id, more: ""","stdout":"one two three" """);

        Assert.True((await executor.ReceiveAsync("result_ack")).GetProperty("accepted").GetBoolean());
        Assert.Equal((1, "one two three"), ((await _server.ResultAsync(id)).Attempt, await watched));
    }

    [Fact]
    public async Task Executor_that_comes_back_without_its_task_loses_it()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        string id = await _server.SubmitAsync("1");
        await executor.ReceiveAsync("run");
        executor.Drop();
        executor.Dispose();

        (executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        JsonElement run = await executor.ReceiveAsync("run");
        Assert.Equal((id, 2), (run.GetProperty("task").GetProperty("task_id").GetString(), run.GetProperty("attempt").GetInt32()));
    }

    [Fact]
    public async Task Lease_that_ran_out_gives_the_task_to_another_and_makes_it_stale_for_the_first()
    {
        (TestExecutor lost, _) = await TestExecutor.RegisterAsync(_server, "lost");
        string id = await _server.SubmitAsync("1");
        await lost.ReceiveAsync("run");
        lost.Drop();
        lost.Dispose();
        await _server.SeeAsync("lost", info => info.Status == ExecutorStatus.Disconnected);
        (TestExecutor other, _) = await TestExecutor.RegisterAsync(_server, "other");
        using TestExecutor ownedOther = other;

        _time.Advance(TimeSpan.FromSeconds(8));
        await other.SendAsync("""{"type":"heartbeat","running":[]}""");
        await other.ResultAsync("unknown");
        await other.ReceiveAsync("result_ack");
        _time.Advance(TimeSpan.FromSeconds(8));
        await _server.SeeGoneAsync("lost");
        JsonElement run = await other.ReceiveAsync("run");
        Assert.Equal((id, 2), (run.GetProperty("task").GetProperty("task_id").GetString(), run.GetProperty("attempt").GetInt32()));

        (lost, JsonElement registered) = await TestExecutor.RegisterAsync(_server, "lost", $$""","running":[{"task_id":"{{id}}","attempt":1}]""");
        using TestExecutor ownedLost = lost;
        Assert.Equal(id, Assert.Single(registered.GetProperty("stale").EnumerateArray()).GetProperty("task_id").GetString());
        await lost.ResultAsync(id, more: ""","stdout":"of the first" """);
        Assert.False((await lost.ReceiveAsync("result_ack")).GetProperty("accepted").GetBoolean());
        await other.ResultAsync(id, attempt: 2, more: ""","stdout":"of the second" """);
        Assert.Equal("of the second", (await _server.ResultAsync(id)).Stdout);
    }

    [Fact]
    public async Task Silent_executor_that_speaks_again_is_told_to_register_anew()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        _time.Advance(TimeSpan.FromSeconds(20));
        await _server.SeeGoneAsync("e1");
        Assert.NotEmpty(await executor.RefusedAsync(4002));
    }

    [Fact]
    public async Task Executor_that_drains_gets_nothing_more_and_leaves()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server, more: ""","max_tasks":5""");
        using TestExecutor owned = executor;
        string running = await _server.SubmitAsync("1");
        await executor.ReceiveAsync("run");
        await executor.SendAsync("""{"type":"drain"}""");
        await _server.SeeAsync("e1", info => info.Status == ExecutorStatus.Draining);
        string waiting = await _server.SubmitAsync("2");

        await executor.ResultAsync(running);
        await executor.ReceiveAsync("result_ack");
        await executor.SendAsync("""{"type":"leave"}""");

        Assert.Null(await executor.ReceiveAsync());
        Assert.Equal(1000, executor.CloseCode);
        await _server.SeeGoneAsync("e1");
        Assert.Equal(ExecutionStatus.Pending, (await _server.Engine.GetAsync(waiting, CancellationToken.None))!.Record.State.Status);
    }

    [Fact]
    public async Task Operator_that_drains_an_executor_is_heard_by_it()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        Assert.True(await _server.Engine.DrainExecutorAsync("e1", CancellationToken.None));
        await executor.ReceiveAsync("drain");
    }

    [Fact]
    public async Task Executor_that_leaves_gives_its_task_back()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        string id = await _server.SubmitAsync("1");
        await executor.ReceiveAsync("run");
        await executor.SendAsync("""{"type":"leave"}""");
        Assert.Null(await executor.ReceiveAsync());

        (TestExecutor other, _) = await TestExecutor.RegisterAsync(_server, "other");
        using TestExecutor ownedOther = other;
        JsonElement run = await other.ReceiveAsync("run");
        Assert.Equal((id, 2), (run.GetProperty("task").GetProperty("task_id").GetString(), run.GetProperty("attempt").GetInt32()));
    }
}
