using System.Net;
using System.Text.Json;
using Executor.Engine;
using Executor.Engine.Callbacks;
using Executor.Storage;
using Executor.Tasks;

namespace Executor.Api.Callbacks;

/// <summary><c>GET /callbacks</c>, and what <c>/metrics</c> says of callbacks.</summary>
public sealed class CallbackEndpointsTests
{
    [Fact]
    public async Task Callbacks_that_are_not_delivered_are_listed_in_pages_and_counted()
    {
        InMemoryTaskStore store = new(TimeProvider.System);
        for (int i = 0; i < 5; i++)
        {
            await EndAsync(store, $"t{i}", i < 2 ? "http://forbidden/" : "http://down/");
        }

        using ResultCallbacks callbacks = new([CallbackHost.TryParse("down")!], new Down(), TimeProvider.System);
        await using ApiHost api = await ApiHost.StartAsync(engineOptions: new EngineOptions { Callbacks = callbacks }, store: store);
        await Poll.UntilAsync("two are dead and one of the others has been tried", async () =>
            await store.CountCallbacksAsync(default) == new CallbackCounts(3, 2)
            && (await store.ReadWaitingCallbacksAsync("down", 10, default)).Any(callback => callback.Attempts > 0));

        JsonElement dead = await ListAsync(api, "?state=dead&limit=1");
        JsonElement next = await ListAsync(api, $"?state=DEAD&limit=1&cursor={dead.GetProperty("next_cursor").GetString()}");
        JsonElement all = await ListAsync(api, "");

        JsonElement first = dead.GetProperty("callbacks")[0];
        Assert.Equal(("t1", "DEAD", "http://forbidden/", 0), (first.Text("task_id"), first.Text("state"), first.Text("url"), first.GetProperty("attempts").GetInt32()));
        Assert.Contains("server.callback_hosts", first.Text("error"), StringComparison.Ordinal);
        Assert.Equal("t0", next.GetProperty("callbacks")[0].Text("task_id"));
        Assert.False(next.TryGetProperty("next_cursor", out _));
        Assert.Equal(["t4", "t3", "t2", "t1", "t0"], all.GetProperty("callbacks").EnumerateArray().Select(callback => callback.Text("task_id")));
        string metrics = await (await api.GetAsync("/metrics")).Content.ReadAsStringAsync();
        Assert.Contains("executor_callbacks_given_up_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("executor_callbacks_sent_total 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("executor_callbacks_waiting ", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?state=gone", "state")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?of=x", "of")]
    public async Task Bad_parameter_is_named(string query, string field)
    {
        await using ApiHost api = await ApiHost.StartAsync();

        using HttpResponseMessage answer = await api.GetAsync($"/callbacks{query}");

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }

    private static async Task EndAsync(InMemoryTaskStore store, string id, string url)
    {
        await store.SubmitAsync(new TaskSubmission(new TaskSpec { TaskId = id, Code = "1" }, DateTimeOffset.UtcNow), default);
        await store.CompleteAsync(new TaskCompletion(new TaskResult { TaskId = id, Status = ExecutionStatus.Completed }) { CallbackUrl = url }, default);
    }

    private static async Task<JsonElement> ListAsync(ApiHost api, string query)
    {
        using HttpResponseMessage answer = await api.GetAsync($"/callbacks{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.JsonAsync();
    }

    private sealed class Down : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new HttpRequestException("connection refused");
    }
}
