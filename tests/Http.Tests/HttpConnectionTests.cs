using System.Net;
using System.Net.Sockets;
using Executor.Execution;
using Executor.Sessions;
using Executor.Storage;
using Executor.Tasks;
using Executor.Text;
using Microsoft.AspNetCore.Http;

namespace Executor.Http;

/// <summary>What becomes of requests whose server is in trouble, or is none.</summary>
public sealed class HttpConnectionTests
{
    private const string Pending = """{"task_id":"a","status":"PENDING","newer":1}""";
    private const string Result = """{"task_id":"a","status":"COMPLETED","stdout":"hi","completed":true,"success":true}""";

    private static readonly HttpTimeLimits Quick = new() { FirstContact = TimeSpan.FromSeconds(2), Lost = TimeSpan.FromSeconds(2), Busy = TimeSpan.FromSeconds(2) };

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
        using HttpExecutionService service = Connect(server.Url, options => options with { TroubleChanged = troubles.Add });

        TaskReceipt receipt = (await service.Tasks.SubmitAsync([new TaskSpec { TaskId = "a", Code = "" }], default))[0];

        Assert.Equal(("a", ExecutionStatus.Pending, SubmitStatus.Stored, 3), (receipt.TaskId, receipt.Status, receipt.Outcome, server.Requests.Count));
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
        using HttpExecutionService service = Connect(server.Url);

        HttpServiceException failed = await Assert.ThrowsAsync<HttpServiceException>(() => service.Tasks.GetAsync("a", default));

        Assert.Equal((HttpFaultKind.Busy, $"{server.Url}: 5 tasks wait already"), (failed.Kind, failed.Message));
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Proxy_whose_server_is_away_is_asked_again(int status)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, before) => before == 0
            ? FakeServer.JsonAsync(context, "<html>", status, "text/html")
            : FakeServer.JsonAsync(context, Result));
        using HttpExecutionService service = Connect(server.Url);

        Assert.Equal("hi", (await service.Tasks.GetResultAsync("a", default))?.Stdout);
    }

    [Fact]
    public async Task Interpreter_that_can_not_be_had_is_told_at_once()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(
            context, 503, """ "detail":"x","error":{"type":"infrastructure.sandbox","message":"no sandbox"} """, "interpreter-unavailable"));
        using HttpExecutionService service = Connect(server.Url);

        SessionException failed = await Assert.ThrowsAsync<SessionException>(() => service.Sessions.OpenAsync(new SessionSpec(), default));

        Assert.Equal((SessionFaultKind.Unavailable, "no sandbox"), (failed.Kind, failed.Message));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Full_queue_tells_how_full_it_is_and_when_to_come_again()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) =>
        {
            context.Response.Headers.RetryAfter = "30";
            return FakeServer.ProblemAsync(context, 503, "\"detail\":\"x\",\"waiting\":7,\"maximum\":5", "queue-full");
        });
        using HttpExecutionService service = Connect(server.Url);

        QueueFullException full = await Assert.ThrowsAsync<QueueFullException>(() => service.Tasks.SubmitAsync([new TaskSpec()], default));

        Assert.Equal((7L, 5L, TimeSpan.FromSeconds(30)), (full.Waiting, full.Maximum, full.RetryAfter));
    }

    [Theory]
    [InlineData("stopping", typeof(ServiceStoppingException))]
    [InlineData("storage-unavailable", typeof(StorageException))]
    public async Task Server_without_its_machinery_is_told_as_within_it(string kind, Type exception)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(context, 503, "\"detail\":\"x\"", kind));
        using HttpExecutionService service = Connect(server.Url, options => options with { TimeLimits = Quick with { Busy = TimeSpan.Zero } });

        Exception failed = await Assert.ThrowsAnyAsync<Exception>(() => service.Tasks.GetAsync("a", default));

        Assert.IsType(exception, failed);
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
        using HttpExecutionService service = Connect(server.Url);

        Assert.Equal("hi", (await service.Tasks.GetResultAsync("a", default))?.Stdout);
    }

    [Fact]
    public async Task Task_without_an_id_is_the_same_one_when_it_is_sent_again()
    {
        List<string?> ids = [];
        await using FakeServer server = await FakeServer.StartAsync(async (context, before) =>
        {
            TaskSpec sent = (await context.Request.ReadFromJsonAsync(Wire.ApiJson.Wire.TaskSpec))!;
            ids.Add(sent.TaskId);
            if (before == 0)
            {
                context.Abort();
                return;
            }

            await FakeServer.JsonAsync(context, $$"""{"task_id":"{{sent.TaskId}}","status":"RUNNING","existing":true}""", 202);
        });
        using HttpExecutionService service = Connect(server.Url);

        TaskReceipt receipt = (await service.Tasks.SubmitAsync([new TaskSpec { Code = "" }], default))[0];

        Assert.Equal([receipt.TaskId, receipt.TaskId], ids);
        Assert.Equal(SubmitStatus.Stored, receipt.Outcome);
    }

    [Fact]
    public async Task Refusal_names_every_field()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(
            context, 400, """ "errors":[{"field":"timeout","message":"must be over 0"},{"field":"","message":"is no task"}] """));
        using HttpExecutionService service = Connect(server.Url);

        InvalidTaskException refused = await Assert.ThrowsAsync<InvalidTaskException>(() => service.Tasks.SubmitAsync([new TaskSpec { TaskId = "a" }], default));

        Assert.Equal([new("timeout", "must be over 0"), new("", "is no task")], refused.Faults);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(null, "lets nobody in without an API key")]
    [InlineData("wrong", "does not know this API key")]
    public async Task Missing_or_wrong_key_is_told(string? key, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(context, 401, $"\"detail\":\"{context.Request.Headers.Authorization}\""));
        using HttpExecutionService service = Connect(server.Url, options => options with { ApiKey = key is null ? null : new Secret(key) });

        HttpServiceException refused = await Assert.ThrowsAsync<HttpServiceException>(() => service.Executors.ListExecutorsAsync(default));

        Assert.Equal((HttpFaultKind.Unauthorized, $"{server.Url} {message}"), (refused.Kind, refused.Message));
        Assert.Equal(key is null ? "" : $"Bearer {key}", refused.Problem?.Detail);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>", "is no Executor server (200, text/html)", HttpFaultKind.NotUnderstood)]
    [InlineData(200, "application/json", "{\"hello\":1}", "is no Executor server (200, application/json)", HttpFaultKind.NotUnderstood)]
    [InlineData(404, "application/problem+json", "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404}", "is no Executor server (404, application/problem+json)", HttpFaultKind.NotUnderstood)]
    [InlineData(302, "text/html", "", "is no Executor server (302, text/html)", HttpFaultKind.NotUnderstood)]
    [InlineData(200, "application/json", "{\"task_id\":\"a\",\"status\":\"PENDING\",\"submit_time_ms\":9e18,\"spec\":{}}", "is no Executor server (200, application/json)", HttpFaultKind.NotUnderstood)]
    [InlineData(500, "text/plain", "oops", "failed without saying why (500, text/plain)", HttpFaultKind.Failed)]
    public async Task Another_kind_of_server_is_told_as_such(int status, string type, string body, string message, HttpFaultKind kind)
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.JsonAsync(context, body, status, type));
        using HttpExecutionService service = Connect(server.Url);

        HttpServiceException failed = await Assert.ThrowsAsync<HttpServiceException>(() => service.Tasks.GetAsync("a", default));

        Assert.Equal(kind, failed.Kind);
        Assert.Contains(message, failed.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Port_where_nothing_listens_is_told()
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        string url = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        using HttpExecutionService service = Connect(url);

        HttpServiceException failed = await Assert.ThrowsAsync<HttpServiceException>(() => service.Tasks.GetAsync("a", default));

        Assert.Equal((HttpFaultKind.NothingListens, $"nothing listens at {url}"), (failed.Kind, failed.Message));
    }

    [Fact]
    public async Task Result_that_takes_longer_than_one_request_may_is_asked_for_again()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, before) => before < 2
            ? FakeServer.JsonAsync(context, Pending, 202)
            : FakeServer.JsonAsync(context, Result));
        using HttpExecutionService service = Connect(server.Url);

        Assert.NotNull(await service.Tasks.WaitAsync("a", TimeSpan.MaxValue, default));

        Assert.Equal(Enumerable.Repeat("GET /tasks/a/result?wait=300", 3), server.Requests);
    }

    [Fact]
    public async Task Wait_is_over_with_its_timeout_however_the_server_answers()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.JsonAsync(context, Pending, 202));
        using HttpExecutionService service = Connect(server.Url);

        Assert.Null(await service.Tasks.WaitAsync("a", TimeSpan.FromMilliseconds(250), default));

        Assert.Equal("GET /tasks/a/result?wait=0.25", server.Requests.First());
        // A server that answers too early is asked ten times a second, not as fast as it answers.
        Assert.InRange(server.Requests.Count, 1, 10);
    }

    [Fact]
    public async Task Id_is_escaped_in_the_path_and_what_can_be_none_is_not_asked_for()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.ProblemAsync(context, 404, "\"detail\":\"there is no task\""));
        using HttpExecutionService service = Connect(server.Url);

        Assert.Null(await service.Tasks.GetAsync("a/b?c", default));
        Assert.Null(await service.Tasks.GetAsync("..", default));
        Assert.Null(await service.Sessions.ExecuteAsync("..", new ExecuteRequest { Code = "" }, null, default));

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
        using HttpExecutionService service = Connect(server.Url);
        List<TaskEvent> seen = [];

        await foreach (TaskEvent next in service.Tasks.WatchAsync("a", default, default))
        {
            seen.Add(next);
        }

        Assert.Equal(["", "1.2.1", "1.2.1", "2.1.0"], asked);
        Assert.Equal(["é\n", "!", "again"], seen.OfType<TaskOutput>().Select(output => output.Text));
        Assert.Equal("hi", Assert.IsType<OutputEnded>(seen[^1]).Result.Stdout);
    }

    [Fact]
    public async Task Answer_over_the_bound_is_not_read_and_neither_is_an_event()
    {
        string large = new('x', 3 << 20);
        await using FakeServer server = await FakeServer.StartAsync((context, _) => context.Request.Path.Value!.EndsWith("output", StringComparison.Ordinal)
            ? FakeServer.EventsAsync(context, "event: stdout\nid: 1.1.0\ndata: {\"text\":\"a\"}", $"event: stdout\nid: 1.2.0\ndata: {{\"text\":\"{large}\"}}")
            : FakeServer.JsonAsync(context, $$"""{"task_id":"a","status":"COMPLETED","stdout":"{{large}}"}"""));
        using HttpExecutionService service = Connect(server.Url, options => options with { MaxAnswerMb = 1 });

        HttpServiceException result = await Assert.ThrowsAsync<HttpServiceException>(() => service.Tasks.GetResultAsync("a", default));
        await using IAsyncEnumerator<TaskEvent> events = service.Tasks.WatchAsync("a", default, default).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        HttpServiceException output = await Assert.ThrowsAsync<HttpServiceException>(async () => await events.MoveNextAsync());

        Assert.Equal((HttpFaultKind.AnswerTooLarge, HttpFaultKind.AnswerTooLarge), (result.Kind, output.Kind));
        Assert.Equal($"{server.Url} answers with more than 1 MiB, which is the most that is read", result.Message);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Code_is_sent_to_a_session_once_only()
    {
        await using FakeServer server = await FakeServer.StartAsync((context, _) => FakeServer.EventsAsync(context, "event: stdout\ndata: {\"text\":\"half\"}"));
        using HttpExecutionService service = Connect(server.Url);

        HttpServiceException lost = await Assert.ThrowsAsync<HttpServiceException>(() => service.Sessions.ExecuteAsync("s", new ExecuteRequest { Code = "x" }, null, default));

        Assert.Equal(HttpFaultKind.Unreachable, lost.Kind);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://user:secret@host")]
    [InlineData("http://host/?x=1")]
    public void Address_that_is_none_is_refused(string address) =>
        Assert.Throws<ArgumentException>(() => new HttpExecutionService(new HttpServiceOptions { Server = new Uri(address) }));

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public void Key_that_no_header_can_carry_is_refused(string key) => Assert.Throws<ArgumentException>(
        () => new HttpExecutionService(new HttpServiceOptions { Server = new Uri("http://host"), ApiKey = new Secret(key) }));

    private static HttpExecutionService Connect(string url, Func<HttpServiceOptions, HttpServiceOptions>? change = null)
    {
        HttpServiceOptions options = new() { Server = new Uri(url), TimeLimits = Quick };
        return new HttpExecutionService(change?.Invoke(options) ?? options);
    }
}
