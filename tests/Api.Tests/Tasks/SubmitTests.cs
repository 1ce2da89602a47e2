using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Api.Tasks;

/// <summary><c>POST /tasks</c>.</summary>
public sealed class SubmitTests : ApiTest
{
    [Fact]
    public async Task Task_is_accepted_and_its_place_told()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", Json.Task("a:b"));

        JsonElement receipt = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal("a:b", receipt.Text("task_id"));
        Assert.Equal("/tasks/a%3Ab", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Task_without_an_id_is_given_one()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", """{"language": "python", "code": "x"}""", "application/json; charset=UTF-8");

        string id = (await answer.JsonAsync(HttpStatusCode.Accepted)).Text("task_id")!;
        using HttpResponseMessage found = await Api.GetAsync($"/tasks/{id}/result?wait=20");
        Assert.Equal("x", (await found.JsonAsync()).Text("stdout"));
    }

    [Fact]
    public async Task Wait_for_a_task_that_ends_answers_with_its_result()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks?wait=20", Json.Task("a", "été 😀"));

        JsonElement result = await answer.JsonAsync();
        Assert.Equal(("a", "COMPLETED", "été 😀", "local"), (result.Text("task_id"), result.Text("status"), result.Text("stdout"), result.Text("executor_id")));
    }

    [Fact]
    public async Task Wait_for_a_task_that_goes_on_answers_with_its_status()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks?wait=0.2", Json.Task("a", Attempts.Hold));

        Assert.Contains((await answer.JsonAsync(HttpStatusCode.Accepted)).Text("status"), (string[])["PENDING", "RUNNING"]);
    }

    [Fact]
    public async Task Same_task_again_is_the_same_task()
    {
        await Api.RunAsync("a");

        using HttpResponseMessage again = await Api.PostAsync("/tasks", Json.Task("a"));

        Assert.Equal("COMPLETED", (await again.JsonAsync(HttpStatusCode.Accepted)).Text("status"));
        using HttpResponseMessage list = await Api.GetAsync("/tasks");
        Assert.Equal(1, (await list.JsonAsync()).GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public async Task Another_task_of_the_same_id_is_a_conflict()
    {
        await Api.RunAsync("a");

        using HttpResponseMessage other = await Api.PostAsync("/tasks?wait=1", Json.Task("a", "other"));

        Problem problem = await other.ProblemAsync(409, "conflict");
        Assert.Contains("task_id 'a'", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "code")]
    [InlineData("""{"code": "x"} {}""", "")]
    [InlineData("""{"language": "python", "code": "x", "timout": 1}""", "timout")]
    [InlineData("""{"language": "python", "code": 1}""", "code")]
    [InlineData("""{"language": "python", "code": "x", "limits": {"memory_mb": -1}}""", "limits.memory_mb")]
    [InlineData("""{"language": "python", "code": "x", "name": "\ud800"}""", "name")]
    [InlineData("""{"language": "python", "code": "x", "depends_on": ["nobody"]}""", "depends_on")]
    public async Task Bad_task_is_refused_with_the_field(string body, string field)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", body);

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }

    [Fact]
    public async Task Every_bad_field_is_named()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", """{"language": "python", "code": "x", "timeout": -1, "priority": "high", "retry": 3}""");

        Assert.Equal(["priority", "retry", "timeout"], (await answer.BadFieldsAsync()).Order());
    }

    [Fact]
    public async Task Broken_json_is_refused_with_the_place()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", "{\"language\": \"python\",\n\"code\": \"x\",,}");

        Problem problem = await answer.ProblemAsync(400, "invalid-request");
        Assert.Contains("line 2", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        using ByteArrayContent body = new([.. "{\"code\": \""u8, 0xFF, .. "\"}"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using HttpResponseMessage answer = await Api.Client.PostAsync("/tasks", body);

        await answer.ProblemAsync(400, "invalid-request");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("301")]
    [InlineData("x")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("")]
    [InlineData("1&wait=2")]
    public async Task Bad_wait_is_refused_before_the_task_is_taken(string wait)
    {
        using HttpResponseMessage answer = await Api.PostAsync($"/tasks?wait={wait}", Json.Task("a"));

        Assert.Equal("wait", Assert.Single(await answer.BadFieldsAsync()));
        using HttpResponseMessage found = await Api.GetAsync("/tasks/a");
        await found.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Unknown_parameter_is_refused_with_the_right_one()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks?wiat=1", Json.Task("a"));

        Problem problem = await answer.ProblemAsync(400, "invalid-request");
        Assert.Equal("wiat", Assert.Single(problem.Errors!).Field);
        Assert.Contains("wait", problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=latin1")]
    public async Task Wrong_content_type_is_refused_with_the_right_one(string? type)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks", Json.Task("a"), type);

        Problem problem = await answer.ProblemAsync(415, "unsupported-media-type");
        Assert.Contains(type is null || !type.Contains("charset", StringComparison.Ordinal) ? "application/json" : "utf-8", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compressed_body_is_refused()
    {
        using StringContent body = new(Json.Task("a"), Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add("gzip");

        using HttpResponseMessage answer = await Api.Client.PostAsync("/tasks", body);

        await answer.ProblemAsync(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_over_the_limit_is_refused_with_the_limit(bool isChunked)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/tasks")
        {
            Content = new StringContent(Json.Task("a", new string('x', 1 << 20)), Encoding.UTF8, "application/json"),
            Headers = { TransferEncodingChunked = isChunked },
        };

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        Problem problem = await answer.ProblemAsync(413, "body-too-large");
        Assert.Contains("1 MiB", problem.Detail, StringComparison.Ordinal);
    }
}
