using System.Net;
using Executor.Engine;
using Executor.Http.Wire;

namespace Executor.Api.Problems;

/// <summary>What is wrong with no endpoint in particular.</summary>
public sealed class ProblemTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere")]
    [InlineData("/tasks/a/b/c")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/tasks/")]
    public async Task Unknown_path_is_not_found(string path)
    {
        await using ApiHost api = await ApiHost.StartAsync();

        using HttpResponseMessage answer = await api.GetAsync(path.EndsWith('/') && path.Length > 1 ? path + "%20" : path);

        await answer.ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("DELETE", "/tasks", "GET, POST")]
    [InlineData("GET", "/tasks/batch/x", null)]
    [InlineData("PUT", "/tasks/a", "GET")]
    [InlineData("GET", "/tasks/a/cancel", "POST")]
    [InlineData("POST", "/health", "GET, HEAD")]
    [InlineData("OPTIONS", "/jobs", "GET, POST")]
    [InlineData("PATCH", "/executors", "GET")]
    [InlineData("BREW", "/metrics", "GET")]
    public async Task Wrong_method_is_told_the_right_ones(string method, string path, string? allowed)
    {
        await using ApiHost api = await ApiHost.StartAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using HttpResponseMessage answer = await api.Client.SendAsync(request);

        if (allowed is null)
        {
            await answer.ProblemAsync(404, "not-found");
        }
        else
        {
            Problem problem = await answer.ProblemAsync(405, "method-not-allowed");
            Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
            Assert.Contains(method, problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Address_for_executors_asks_others_to_upgrade()
    {
        await using ApiHost api = await ApiHost.StartAsync();

        using HttpResponseMessage answer = await api.GetAsync("/executors/connect");

        await answer.ProblemAsync(426, "invalid-request");
    }

    [Fact]
    public async Task Full_queue_is_told_with_when_to_come_again_and_takes_nothing()
    {
        await using ApiHost api = await ApiHost.StartAsync(engineOptions: new EngineOptions { MaxQueue = 2 }, maxTasks: 0);
        await api.SubmitAsync("a");

        using HttpResponseMessage answer = await api.PostAsync("/tasks/batch", $"[{Json.Task("b")}, {Json.Task("c")}]");

        Problem problem = await answer.ProblemAsync(503, "queue-full");
        Assert.Contains("at most 2", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter?.Delta);
        using HttpResponseMessage found = await api.GetAsync("/tasks/b");
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
    }

    [Fact]
    public async Task Stopping_service_is_told_with_when_to_come_again()
    {
        await using ApiHost api = await ApiHost.StartAsync();
        await api.Engine.DisposeAsync();

        using HttpResponseMessage answer = await api.PostAsync("/tasks", Json.Task("a"));

        await answer.ProblemAsync(503, "stopping");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("POST", "/tasks")]
    [InlineData("POST", "/tasks/batch")]
    [InlineData("GET", "/tasks")]
    [InlineData("GET", "/tasks/a")]
    [InlineData("GET", "/tasks/a/result?wait=1")]
    [InlineData("GET", "/tasks/a/output")]
    [InlineData("POST", "/tasks/a/cancel")]
    [InlineData("GET", "/jobs")]
    public async Task Storage_that_is_away_is_told_with_when_to_come_again(string method, string path)
    {
        FailingStore store = new();
        await using ApiHost api = await ApiHost.StartAsync(store: store);
        store.IsAway = true;

        using HttpResponseMessage answer = method == "GET" ? await api.GetAsync(path) : await api.PostAsync(path, Json.Task("a"));

        Problem problem = await answer.ProblemAsync(503, "storage-unavailable");
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.DoesNotContain("Exception", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_is_cut_where_it_is_long()
    {
        await using ApiHost api = await ApiHost.StartAsync();

        using HttpResponseMessage answer = await api.GetAsync("/" + new string('x', 4000));

        Assert.InRange((await answer.ProblemAsync(404, "not-found")).Detail!.Length, 1, 300);
    }
}
