using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Executor.Tasks;

namespace Executor.Api.Executors.Connect;

/// <summary>Executors that break the rules harm only themselves: another one's tasks go on.</summary>
public sealed class HostileExecutorTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("""{"type":"outptu"}""", "there is no frame of type \"outptu\"; types: register, output, result, heartbeat, drain, leave")]
    [InlineData("""{"task_id":"t"}""", "the frame has no type")]
    [InlineData("""{"type":7}""", "the frame has no type")]
    [InlineData("""["output"]""", "the frame has no type")]
    [InlineData("{", "the frame is not valid JSON")]
    [InlineData("""{"type":"output","task_id":"t","attempt":1,"stream":"stdin","seq":1,"data":""}""", "output.stream: must be one of stdout, stderr, was the text \"stdin\"")]
    [InlineData("""{"type":"output","task_id":"t","attempt":1,"stream":1,"seq":1,"data":""}""", "output.stream: must be one of stdout, stderr, was the number 1")]
    [InlineData("""{"type":"output","task_id":"t","attempt":1,"stream":"stdout","seq":0,"data":""}""", "output.seq: is 0")]
    [InlineData("""{"type":"output","task_id":"t","attempt":1,"stream":"stdout","seq":1,"encoding":"base64","data":"?"}""", "output.data: is not base64")]
    [InlineData("""{"type":"output","task_id":"t","attempt":1,"stream":"stdout","seq":1,"data":"\ud800"}""", "output.data: has a \\u escape that is half a character")]
    [InlineData("""{"type":"output","task_id":null,"attempt":1,"stream":"stdout","seq":1,"data":""}""", "output.task_id: ")]
    [InlineData("""{"type":"result","task_id":"t","attempt":1,"result":{"task_id":"t","status":"RUNNING"}}""", "result.result.status: is that of a task which has not ended")]
    [InlineData("""{"type":"result","task_id":"t","attempt":1,"result":{"status":"DONE"}}""", "result.result.task_id: is missing")]
    [InlineData("""{"type":"result","task_id":"t","attempt":0,"result":{"task_id":"t","status":"FAILED"}}""", "result.attempt: is 0 or missing")]
    [InlineData("""{"type":"result","task_id":"t","attempt":1,"result":{"task_id":"t","status":"FAILED","duration_sec":-1}}""", "result.result.duration_sec: must be")]
    [InlineData("""{"type":"result","task_id":"t","attempt":1,"result":{"task_id":"t","status":"FAILED","stdout":null}}""", "result.result.stdout: ")]
    [InlineData("""{"type":"heartbeat","running":[{"attempt":1}]}""", "heartbeat.running[0].task_id: is missing")]
    [InlineData("""{"type":"heartbeat"}""", "heartbeat.running: is missing")]
    [InlineData("""{"type":"heartbeat","running":[null]}""", "heartbeat.running[0]: must be an object, was null")]
    [InlineData("""{"type":"leave","now":true}""", "leave.now: unknown field")]
    public async Task Bad_frame_is_explained_and_ends_the_connection(string frame, string message)
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        await executor.SendAsync(frame);
        Assert.Contains(message, await executor.RefusedAsync(1008), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_end_the_connection()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server);
        using TestExecutor owned = executor;
        await executor.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Contains("text messages", await executor.RefusedAsync(1008), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executor_that_names_nothing_of_what_it_was_given_is_sent_no_more_than_32_MiB_of_it()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server, more: ",\"max_tasks\":100");
        using TestExecutor owned = executor;
        string code = new('x', 1 << 20);
        await _server.Engine.SubmitAsync([.. Enumerable.Range(0, 20).Select(i => new TaskSpec { TaskId = $"t{i}", Language = "python", Code = code })], CancellationToken.None);
        // Said behind everything that is on its way.
        await _server.Engine.DrainExecutorAsync("e1", CancellationToken.None);

        List<string> given = [];
        JsonElement frame = (await executor.ReceiveAsync())!.Value;
        for (; frame.GetProperty("type").GetString() == "run"; frame = (await executor.ReceiveAsync())!.Value)
        {
            given.Add(frame.GetProperty("task").GetProperty("task_id").GetString()!);
        }

        Assert.Equal("drain", frame.GetProperty("type").GetString());
        Assert.Equal(Enumerable.Range(0, 15).Select(i => $"t{i}"), given);
        string running = string.Join(',', given.Select(id => $$"""{"task_id":"{{id}}","attempt":1}"""));
        await executor.SendAsync($$"""{"type":"heartbeat","running":[{{running}}]}""");
        Assert.Equal("t15", (await executor.ReceiveAsync("run")).GetProperty("task").GetProperty("task_id").GetString());
    }

    [Fact]
    public async Task Frame_that_never_ends_is_cut_off()
    {
        using TestExecutor executor = await TestExecutor.ConnectAsync(_server);
        string megabyte = new('x', 1 << 20);
        for (int i = 0; i < 5; i++)
        {
            await executor.SendPartAsync(megabyte);
        }

        Assert.Contains("larger than", await executor.RefusedAsync(1009), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_and_results_of_tasks_that_are_not_its_own_change_nothing()
    {
        (TestExecutor owner, _) = await TestExecutor.RegisterAsync(_server, "owner");
        using TestExecutor ownedOwner = owner;
        string id = await _server.SubmitAsync("1");
        await owner.ReceiveAsync("run");
        (TestExecutor thief, _) = await TestExecutor.RegisterAsync(_server, "thief", $$""","running":[{"task_id":"{{id}}","attempt":1}]""");
        using TestExecutor ownedThief = thief;

        await thief.OutputAsync(id, 1, "stolen");
        await thief.ResultAsync(id, more: ""","stdout":"stolen" """);
        Assert.False((await thief.ReceiveAsync("result_ack")).GetProperty("accepted").GetBoolean());
        await owner.OutputAsync(id, 1, "mine");
        await owner.ResultAsync(id, more: ""","stdout":"mine" """);

        Assert.Equal(("mine", "mine"), ((await _server.ResultAsync(id)).Stdout, await _server.WatchAsync(id)));
    }

    [Fact]
    public async Task Results_that_claim_the_key_of_another_are_kept_under_their_own()
    {
        (TestExecutor executor, _) = await TestExecutor.RegisterAsync(_server, more: ""","max_tasks":2""");
        using TestExecutor owned = executor;
        Guid key = Guid.NewGuid();
        string[] ids = [await _server.SubmitAsync("1"), await _server.SubmitAsync("2")];
        await executor.ReceiveAsync("run");
        await executor.ReceiveAsync("run");
        foreach (string id in ids)
        {
            await executor.ResultAsync(id, more: $$""","id":"{{key}}","cached":true,"executor_id":"somebody" """);
            Assert.True((await executor.ReceiveAsync("result_ack")).GetProperty("accepted").GetBoolean());
        }

        TaskResult[] results = await Task.WhenAll(ids.Select(_server.ResultAsync));
        Assert.Equal(2, results.Select(result => result.Id).Append(key).Distinct().Count() - 1);
        Assert.All(results, result => Assert.Equal((false, "e1"), (result.Cached, result.ExecutorId)));
    }

    [Fact]
    public async Task Flood_of_frames_leaves_the_server_to_the_others()
    {
        (TestExecutor flood, _) = await TestExecutor.RegisterAsync(_server, "flood", ""","capabilities":["none"]""");
        using TestExecutor ownedFlood = flood;
        byte[] frame = Encoding.UTF8.GetBytes("""{"type":"result","task_id":"t","attempt":1,"result":{"task_id":"t","status":"FAILED"}}""");
        Task flooding = FloodAsync(flood, frame);

        (TestExecutor good, _) = await TestExecutor.RegisterAsync(_server, "good", ""","capabilities":["good"]""");
        using TestExecutor ownedGood = good;
        string id = await _server.SubmitAsync("1", "good");
        JsonElement run = await good.ReceiveAsync("run");
        await good.ResultAsync(id);
        await good.ReceiveAsync("result_ack");
        Assert.Equal(ExecutionStatus.Completed, (await _server.ResultAsync(id)).Status);
        flood.Drop();
        await flooding;
    }

    /// <summary>Says the same until it can't any more, and reads nothing.</summary>
    private static async Task FloodAsync(TestExecutor executor, byte[] frame)
    {
        try
        {
            while (true)
            {
                await executor.SendAsync(frame, WebSocketMessageType.Text);
            }
        }
        catch (Exception broken) when (broken is WebSocketException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // Given up by the server, or dropped by the test.
        }
    }
}
