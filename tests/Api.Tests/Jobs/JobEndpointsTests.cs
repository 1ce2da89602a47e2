using System.Net;
using System.Text.Json;

namespace Executor.Api.Jobs;

/// <summary><c>/jobs</c>.</summary>
public sealed class JobEndpointsTests : ApiTest
{
    [Fact]
    public async Task Job_is_started_and_waited_for()
    {
        using HttpResponseMessage started = await Api.PostAsync("/jobs", """{"type": "count", "params": {"n": 1}}""");

        JsonElement job = await started.JsonAsync(HttpStatusCode.Accepted);
        string id = job.Text("job_id")!;
        Assert.Equal($"/jobs/{id}", started.Headers.Location?.OriginalString);
        Assert.Equal(1, job.GetProperty("params").GetProperty("n").GetInt32());
        using HttpResponseMessage ended = await Api.GetAsync($"/jobs/{id}?wait=20");
        Assert.Equal("COMPLETED", (await ended.JsonAsync()).Text("status"));
        using HttpResponseMessage log = await Api.GetAsync($"/jobs/{id}/log");
        Assert.Equal("text/plain; charset=utf-8", log.Content.Headers.ContentType?.ToString());
        Assert.Contains("one", await log.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Same_job_that_has_not_ended_is_joined()
    {
        const string body = """{"type": "count", "params": {"hold": true}}""";
        using HttpResponseMessage first = await Api.PostAsync("/jobs", body);
        using HttpResponseMessage second = await Api.PostAsync("/jobs", body);

        Assert.Equal(
            (await first.JsonAsync(HttpStatusCode.Accepted)).Text("job_id"),
            (await second.JsonAsync(HttpStatusCode.Accepted)).Text("job_id"));
    }

    [Fact]
    public async Task Job_is_cancelled_once()
    {
        using HttpResponseMessage started = await Api.PostAsync("/jobs", """{"type": "count", "params": {"hold": true}}""");
        string id = (await started.JsonAsync(HttpStatusCode.Accepted)).Text("job_id")!;

        using HttpResponseMessage cancel = await Api.PostAsync($"/jobs/{id}/cancel", type: null);

        Assert.Contains(cancel.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Accepted]);
        using HttpResponseMessage ended = await Api.GetAsync($"/jobs/{id}?wait=20");
        Assert.Equal("CANCELLED", (await ended.JsonAsync()).Text("status"));
        using HttpResponseMessage again = await Api.PostAsync($"/jobs/{id}/cancel", type: null);
        Assert.Equal("CANCELLED", (await again.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Completed_job_can_t_be_cancelled()
    {
        using HttpResponseMessage started = await Api.PostAsync("/jobs", """{"type": "count"}""");
        string id = (await started.JsonAsync(HttpStatusCode.Accepted)).Text("job_id")!;
        using HttpResponseMessage ended = await Api.GetAsync($"/jobs/{id}?wait=20");

        using HttpResponseMessage cancel = await Api.PostAsync($"/jobs/{id}/cancel", type: null);

        await cancel.ProblemAsync(409, "conflict");
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first()
    {
        foreach (int n in (int[])[1, 2, 3])
        {
            using HttpResponseMessage started = await Api.PostAsync("/jobs", Json.Of(new { type = "count", @params = new { n } }));
            string id = (await started.JsonAsync(HttpStatusCode.Accepted)).Text("job_id")!;
            using HttpResponseMessage ended = await Api.GetAsync($"/jobs/{id}?wait=20");
        }

        using HttpResponseMessage answer = await Api.GetAsync("/jobs?limit=2");

        IEnumerable<int> listed = (await answer.JsonAsync()).GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("params").GetProperty("n").GetInt32());
        Assert.Equal([3, 2], listed);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{} {}", "")]
    [InlineData("{}", "type")]
    [InlineData("""{"type": " "}""", "type")]
    [InlineData("""{"type": "conut"}""", "type")]
    [InlineData("""{"type": 1}""", "type")]
    [InlineData("""{"type": "count", "params": []}""", "params")]
    [InlineData("""{"type": "count", "parms": {}}""", "parms")]
    [InlineData("""{"type": "count", "params": {"a": "\udc00"}}""", "params")]
    public async Task Bad_request_is_refused_with_the_field(string body, string field)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/jobs", body);

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }

    [Fact]
    public async Task Wrong_content_type_is_refused()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/jobs", "type: count", "application/yaml");

        await answer.ProblemAsync(415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("GET", "/jobs/nobody")]
    [InlineData("GET", "/jobs/nobody?wait=1")]
    [InlineData("GET", "/jobs/nobody/log")]
    [InlineData("POST", "/jobs/nobody/cancel")]
    public async Task Unknown_job_is_not_found(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        await answer.ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("/jobs?limit=0", "limit")]
    [InlineData("/jobs?limit=10001", "limit")]
    [InlineData("/jobs?status=RUNNING", "status")]
    [InlineData("/jobs/x?wait=-1", "wait")]
    public async Task Bad_parameter_is_refused(string path, string field)
    {
        using HttpResponseMessage answer = await Api.GetAsync(path);

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }
}
