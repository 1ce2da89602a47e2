using System.Net;
using System.Net.Sockets;
using Executor.Execution;
using Executor.Hosting;
using Executor.Http.Wire;
using Executor.Tasks;
using Microsoft.AspNetCore.Http;

namespace Executor.Cli.Remote;

public sealed class ExecutorClientTests
{
    private const string Pending = """{"task_id":"a","status":"PENDING","newer":1}""";
    private const string Result = """{"task_id":"a","status":"COMPLETED","stdout":"hi","completed":true,"success":true}""";

    private static readonly RequestTimeouts Quick = new() { FirstContact = TimeSpan.FromSeconds(2), Lost = TimeSpan.FromSeconds(2), Busy = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task Busy_server_is_asked_again_when_it_says()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, before) =>
        {
            context.Response.Headers.RetryAfter = before == 0 ? "0" : "1";
            return before < 2
                ? FakeServer.ProblemAsync(context, before == 0 ? 429 : 503, "\"detail\":\"too many\"")
                : FakeServer.JsonAsync(context, Pending, 202);
        });
        List<string?> troubles = [];
        using ExecutorClient client = Connect(server.Url, troubles.Add);
        SubmitReceipt receipt = await client.SubmitAsync(new TaskSpec { TaskId = "a", Code = "" }, default);
        Assert.Equal(("a", ExecutionStatus.Pending, 3), (receipt.TaskId, receipt.Status, server.Requests.Count));
        Assert.Equal(["the server is busy (429); trying again", "the server is busy (503); trying again", null], troubles);
    }

    [Fact]
    public async Task Busy_server_is_given_up_when_it_asks_for_more_than_the_time_limit()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "30";
            return FakeServer.ProblemAsync(context, 503, "\"detail\":\"5 tasks wait already\"");
        });
        using ExecutorClient client = Connect(server.Url);
        ServerUnavailableException failed = await Assert.ThrowsAsync<ServerUnavailableException>(() => client.GetTaskAsync("a", default));
        Assert.Equal($"{server.Url}: 5 tasks wait already", failed.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Connection_that_breaks_in_the_answer_is_made_again()
    {
        await using FakeServer server = await FakeServer.StartAsync(async (context, before) =>
        {
            if (before == 0)
            {
                context.Response.ContentLength = 1_000;
                await context.Response.WriteAsync("{\"task_id\":");
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            await FakeServer.JsonAsync(context, Result);
        });
        using ExecutorClient client = Connect(server.Url);
        Assert.Equal("hi", (await client.GetResultAsync("a", TimeSpan.Zero, default))?.Stdout);
    }

    [Fact]
    public async Task Refusal_names_every_field_a_line_each()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(
            context, 400, """ "errors":[{"field":"timeout","message":"must be over 0"},{"field":"","message":"is no task"}] """));
        using ExecutorClient client = Connect(server.Url);
        ServerRefusedException refused = await Assert.ThrowsAsync<ServerRefusedException>(() => client.SubmitAsync(new TaskSpec { TaskId = "a" }, default));
        Assert.Equal("timeout: must be over 0\nis no task", refused.Message);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(null, "lets nobody in without an API key; give --api-key, or set EXECUTOR_API_KEY")]
    [InlineData("wrong", "does not know this API key (--api-key); it must be one of the server's server.api_keys")]
    public async Task Missing_or_wrong_key_is_told(string? key, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(context, 401, $"\"detail\":\"{context.Request.Headers.Authorization}\""));
        using ExecutorClient client = new(ServerAddress.Resolve(server.Url, key), Quick, TimeProvider.System);
        ServerRefusedException refused = await Assert.ThrowsAsync<ServerRefusedException>(() => client.ListExecutorsAsync(default));
        Assert.Equal($"{server.Url} {message}", refused.Message);
        Assert.Equal(key is null ? "" : $"Bearer {key}", refused.Problem.Detail);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>", "is no Executor server (200, text/html)")]
    [InlineData(200, "application/json", "{\"hello\":1}", "is no Executor server (200, application/json)")]
    [InlineData(404, "application/problem+json", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}", "is no Executor server (404, application/problem+json)")]
    [InlineData(302, "text/html", "", "is no Executor server (302, text/html)")]
    [InlineData(500, "text/plain", "oops", "failed without saying why (500, text/plain)")]
    public async Task Another_kind_of_server_is_told_as_such(int status, string type, string body, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.JsonAsync(context, body, status, type));
        using ExecutorClient client = Connect(server.Url);
        ServerUnavailableException failed = await Assert.ThrowsAsync<ServerUnavailableException>(() => client.GetTaskAsync("a", default));
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Port_where_nothing_listens_is_told_with_what_to_do()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        using ExecutorClient client = Connect(url);
        ServerUnavailableException failed = await Assert.ThrowsAsync<ServerUnavailableException>(() => client.GetTaskAsync("a", default));
        Assert.Equal($"nothing listens at {url}; start a server there with 'executor serve', or name another with --server or EXECUTOR_SERVER", failed.Message);
    }

    [Fact]
    public async Task Result_that_takes_longer_than_one_request_may_is_asked_for_again()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, before) => before < 2
            ? FakeServer.JsonAsync(context, Pending, 202)
            : FakeServer.JsonAsync(context, Result));
        using ExecutorClient client = Connect(server.Url);
        Assert.NotNull(await client.GetResultAsync("a", TimeSpan.MaxValue, default));
        Assert.Equal(Enumerable.Repeat("GET /tasks/a/result?wait=300", 3), server.Requests);
    }

    [Fact]
    public async Task Id_is_escaped_in_the_path()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(context, 404, "\"detail\":\"there is no task\""));
        using ExecutorClient client = Connect(server.Url);
        Assert.True((await Assert.ThrowsAsync<ServerRefusedException>(() => client.GetTaskAsync("a/b?c", default))).IsNotFound);
        await Assert.ThrowsAsync<UsageException>(() => client.GetTaskAsync("..", default));
        Assert.StartsWith("GET /tasks/a%2Fb", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_goes_on_where_a_dropped_connection_was()
    {
        List<string> asked = [];
        await using FakeServer server = await FakeServer.StartAsync((context, before) =>
        {
            asked.Add(context.Request.Headers["Last-Event-ID"].ToString());
            return before switch
            {
                0 => FakeServer.EventsAsync(context, ": hello", "event: stdout\nid: 1.2.0\ndata: {\"text\":\"é\\n\"}", "event: newer\ndata: 1", "event: stderr\nid: 1.2.1\ndata: {\"text\":\"!\"}"),
                1 => FakeServer.ProblemAsync(context, 503, "\"detail\":\"stopping\""),
                2 => FakeServer.EventsAsync(context, "event: stdout\nid: 2.1.0\ndata: {\"text\":\"again\"}"),
                _ => FakeServer.EventsAsync(context, $"event: end\ndata: {Result}"),
            };
        });
        using ExecutorClient client = Connect(server.Url);
        List<TaskEvent> seen = [];
        await foreach (TaskEvent next in client.WatchAsync("a", default, default))
        {
            seen.Add(next);
        }

        Assert.Equal(["", "1.2.1", "1.2.1", "2.1.0"], asked);
        Assert.Equal(["é\n", "!", "again"], seen.OfType<TaskOutput>().Select(output => output.Text));
        Assert.Equal("hi", Assert.IsType<OutputEnded>(seen[^1]).Result.Stdout);
    }

    private static ExecutorClient Connect(string url, Action<string?>? troubleChanged = null) =>
        new(ServerAddress.Resolve(url, null), Quick, TimeProvider.System) { TroubleChanged = troubleChanged };
}
