using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Api.Sessions;

/// <summary><c>/sessions</c> and <c>/session/{id}</c>.</summary>
public sealed class SessionEndpointsTests : ApiTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Session_is_opened_used_listed_and_closed()
    {
        using HttpResponseMessage opened = await Api.PostAsync("/sessions", """{"session_id": "s", "name": "mine", "idle_timeout": 60, "details": {"a": 1}}""");
        JsonElement session = await opened.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(("s", "READY", "mine", "python"), (session.Text("session_id"), session.Text("status"), session.Text("name"), session.Text("runtime_id")));
        Assert.Equal(60, session.GetProperty("idle_timeout").GetDouble());
        Assert.Equal("/sessions/s", opened.Headers.Location?.OriginalString);

        JsonElement executed = await ExecuteAsync("s", "one");
        Assert.Equal(("COMPLETED", "one\n", "'one'"), (executed.Text("status"), executed.Text("stdout"), executed.Text("result_text")));
        Assert.Equal(1, executed.GetProperty("execution").GetInt64());

        JsonElement listed = (await (await Api.GetAsync("/sessions")).JsonAsync()).GetProperty("sessions")[0];
        Assert.Equal((1, 1), (listed.GetProperty("executions").GetInt32(), listed.GetProperty("details").GetProperty("a").GetInt32()));
        Assert.True((await (await Api.GetAsync("/session/s/ready")).JsonAsync()).GetProperty("ready").GetBoolean());

        using HttpResponseMessage closed = await Api.Client.DeleteAsync("/sessions/s");
        Assert.Equal(HttpStatusCode.NoContent, closed.StatusCode);
        await (await Api.GetAsync("/sessions/s")).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Output_comes_as_events_and_the_result_as_the_last()
    {
        await OpenAsync("s");
        using HttpRequestMessage request = new(HttpMethod.Post, "/session/s/execute") { Content = new StringContent("""{"code": "héllo"}""", Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));

        using SseReader events = await SseReader.OpenAsync(Api.Client, request);

        List<SseEvent> all = await events.RestAsync();
        Assert.Equal(["stdout", "end"], all.Select(found => found.Name));
        Assert.Equal("héllo\n", JsonDocument.Parse(all[0].Data!).RootElement.Text("text"));
        Assert.Equal("COMPLETED", JsonDocument.Parse(all[1].Data!).RootElement.Text("status"));
    }

    [Fact]
    public async Task What_is_refused_at_once_is_a_problem_and_no_stream()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/session/nobody/execute") { Content = new StringContent("""{"code": "x"}""", Encoding.UTF8, "application/json") };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        await answer.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Interrupt_ends_what_is_executed()
    {
        await OpenAsync("s");
        Task<JsonElement> running = ExecuteAsync("s", "hold");
        await Api.Interpreters[0].Holds.WaitAsync(Soon);

        using HttpResponseMessage interrupted = await Api.PostAsync("/session/s/interrupt", type: null);

        Assert.Equal(HttpStatusCode.OK, interrupted.StatusCode);
        Assert.Equal("CANCELLED", (await running).Text("status"));
    }

    [Fact]
    public async Task Client_that_goes_away_interrupts_what_it_asked_for()
    {
        await OpenAsync("s");
        using CancellationTokenSource gone = new();
        using StringContent body = new("""{"code": "hold"}""", Encoding.UTF8, "application/json");
        Task<HttpResponseMessage> running = Api.Client.PostAsync("/session/s/execute", body, gone.Token);
        await Api.Interpreters[0].Holds.WaitAsync(Soon);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal("COMPLETED", (await ExecuteAsync("s", "next")).Text("status"));
    }

    [Fact]
    public async Task Lost_session_is_told_until_it_is_restarted()
    {
        await OpenAsync("s");
        using HttpResponseMessage died = await PostCodeAsync("s", "die");
        await died.ProblemAsync(409, "session-lost");
        Assert.False((await (await Api.GetAsync("/session/s/ready")).JsonAsync()).GetProperty("ready").GetBoolean());

        using HttpResponseMessage restarted = await Api.PostAsync("/session/s/restart", type: null);

        JsonElement session = await restarted.JsonAsync();
        Assert.Equal(("READY", 1), (session.Text("status"), session.GetProperty("restarts").GetInt32()));
        Assert.Equal("COMPLETED", (await ExecuteAsync("s", "again")).Text("status"));
    }

    [Fact]
    public async Task Another_spec_of_the_same_id_conflicts()
    {
        await OpenAsync("s");

        using HttpResponseMessage same = await Api.PostAsync("/sessions", """{"session_id": "s"}""");
        using HttpResponseMessage other = await Api.PostAsync("/sessions", """{"session_id": "s", "name": "other"}""");

        Assert.Equal(HttpStatusCode.Created, same.StatusCode);
        await other.ProblemAsync(409, "conflict");
    }

    [Fact]
    public async Task More_sessions_than_may_be_are_told_when_to_come_again()
    {
        await OpenAsync("a");
        await OpenAsync("b");

        using HttpResponseMessage refused = await Api.PostAsync("/sessions", "{}");

        await refused.ProblemAsync(503, "sessions-full");
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task Failing_startup_code_is_told_with_its_traceback()
    {
        using HttpResponseMessage refused = await Api.PostAsync("/sessions", """{"session_id": "s", "startup": "fail"}""");

        Problem problem = await refused.ProblemAsync(400, "startup-failed");
        Assert.Contains("Traceback", problem.Detail, StringComparison.Ordinal);
        await (await Api.GetAsync("/sessions/s")).ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("""{"langauge": "python"}""", "langauge")]
    [InlineData("""{"language": "cobol"}""", "language")]
    [InlineData("""{"timeout": 0}""", "timeout")]
    [InlineData("""{"idle_timeout": "long"}""", "idle_timeout")]
    [InlineData("""{"session_id": "a b"}""", "session_id")]
    [InlineData("""{"files": {"../x": {"content": ""}}}""", "files[\"../x\"]")]
    [InlineData("""{"runner": 1}""", "runner")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("", "")]
    public async Task Bad_spec_is_refused_by_field(string body, string field)
    {
        using HttpResponseMessage refused = await Api.PostAsync("/sessions", body);

        Assert.Equal([field], await refused.BadFieldsAsync());
        Assert.Empty(Api.Interpreters);
    }

    [Theory]
    [InlineData("{}", "code")]
    [InlineData("""{"code": 1}""", "code")]
    [InlineData("""{"code": "x", "timeout": -1}""", "timeout")]
    [InlineData("""{"code": "x", "silent": true}""", "silent")]
    public async Task Bad_execution_is_refused_by_field(string body, string field)
    {
        await OpenAsync("s");

        using HttpResponseMessage refused = await Api.PostAsync("/session/s/execute", body);

        Assert.Equal([field], await refused.BadFieldsAsync());
        Assert.Empty(Api.Interpreters[0].Executed);
    }

    [Theory]
    [InlineData("POST", "/session/nobody/execute")]
    [InlineData("POST", "/session/nobody/restart")]
    [InlineData("POST", "/session/nobody/interrupt")]
    [InlineData("GET", "/session/nobody/ready")]
    [InlineData("DELETE", "/sessions/nobody")]
    public async Task Session_that_is_not_there_is_not_found(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (path.EndsWith("execute", StringComparison.Ordinal))
        {
            request.Content = new StringContent("""{"code": "x"}""", Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        await answer.ProblemAsync(404, "not-found");
    }

    private async Task OpenAsync(string id)
    {
        using HttpResponseMessage opened = await Api.PostAsync("/sessions", Json.Of(new { session_id = id }));
        Assert.Equal(HttpStatusCode.Created, opened.StatusCode);
    }

    private Task<HttpResponseMessage> PostCodeAsync(string id, string code) => Api.PostAsync($"/session/{id}/execute", Json.Of(new { code }));

    private async Task<JsonElement> ExecuteAsync(string id, string code)
    {
        using HttpResponseMessage answer = await PostCodeAsync(id, code);
        return await answer.JsonAsync();
    }
}
