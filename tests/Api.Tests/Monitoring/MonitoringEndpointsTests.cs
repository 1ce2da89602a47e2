using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Executor.Tasks;

namespace Executor.Api.Monitoring;

/// <summary><c>/health</c>, <c>/ready</c>, <c>/metrics</c>.</summary>
public sealed partial class MonitoringEndpointsTests : ApiTest
{
    [Theory]
    [InlineData("/health", """{"status":"ok"}""")]
    [InlineData("/ready", """{"ready":true}""")]
    public async Task Live_server_says_so_to_get_and_head(string path, string expected)
    {
        using HttpResponseMessage answer = await Api.GetAsync(path);
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using HttpResponseMessage head = await Api.Client.SendAsync(request);

        Assert.Equal(expected, await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await head.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task Server_without_its_storage_lives_but_is_not_ready()
    {
        FailingStore store = new();
        await using ApiHost api = await ApiHost.StartAsync(store: store);
        store.IsAway = true;

        using HttpResponseMessage health = await api.GetAsync("/health");
        using HttpResponseMessage ready = await api.GetAsync("/ready");

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        await ready.ProblemAsync(503, "storage-unavailable");
        Assert.NotNull(ready.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Metrics_are_lines_that_prometheus_reads()
    {
        await Api.RunAsync("a");

        using HttpResponseMessage answer = await Api.GetAsync("/metrics");

        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(MetricsLine(), line));
        Assert.Contains("executor_tasks_ended_total{status=\"COMPLETED\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("executor_http_requests_total{code=\"200\"} 1\n", text, StringComparison.Ordinal);
        string[] types = [.. text.Split('\n').Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal))];
        Assert.Equal(types.Distinct(), types);
    }

    [Theory]
    [InlineData("/metrics?format=json", null)]
    [InlineData("/metrics", "application/json")]
    public async Task Metrics_come_as_json_on_request(string path, string? accept)
    {
        await Api.RunAsync("a");
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        JsonElement metrics = await answer.JsonAsync();
        Assert.Equal((1, 1), (metrics.GetProperty("submitted").GetInt64(), metrics.GetProperty("completed").GetInt64()));
        Assert.Equal(4.0, metrics.GetProperty("slots").GetDouble());
    }

    [Fact]
    public async Task Bad_format_is_refused()
    {
        using HttpResponseMessage answer = await Api.GetAsync("/metrics?format=xml");

        Assert.Equal("format", Assert.Single(await answer.BadFieldsAsync()));
    }

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? -?[0-9.]+(E[+-]?[0-9]+)?)$""")]
    private static partial Regex MetricsLine();

    [Fact]
    public async Task Executors_that_fail_by_their_own_machinery_are_named_by_ready_and_executors()
    {
        await using ApiHost api = await ApiHost.StartAsync(maxTasks: 0);
        FakeExecutor broken = await FakeExecutor.JoinAsync(api.Engine, "broken");
        await FakeExecutor.JoinAsync(api.Engine, "well");
        Assert.Equal("""{"ready":true}""", await api.Client.GetStringAsync("/ready"));
        await api.Service.Tasks.SubmitAsync([.. Enumerable.Range(0, 4).Select(_ => new TaskSpec { Language = "python", Code = "x" })], CancellationToken.None);
        for (int i = 0; i < 3; i++)
        {
            await broken.FailAsync(await broken.NextAsync(), TaskErrorTypes.AgentLost);
        }

        Assert.Equal("""{"ready":true,"quarantined":["broken"]}""", await api.Client.GetStringAsync("/ready"));
        string executors = await api.Client.GetStringAsync("/executors");
        Assert.Contains("\"state\":\"quarantined\"", executors, StringComparison.Ordinal);
        Assert.Contains("infrastructure.agent: it failed", executors, StringComparison.Ordinal);
    }
}
