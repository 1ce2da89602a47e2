using System.Net;
using System.Text.Json;

namespace Executor.Api.Executors;

/// <summary><c>/executors</c>.</summary>
public sealed class ExecutorEndpointsTests : ApiTest
{
    [Fact]
    public async Task Executors_are_listed_with_what_they_run()
    {
        await Api.HoldAsync("a");

        using HttpResponseMessage answer = await Api.GetAsync("/executors");

        JsonElement executor = Assert.Single((await answer.JsonAsync()).GetProperty("executors").EnumerateArray());
        Assert.Equal(("local", "here"), (executor.Text("executor_id"), executor.Text("host")));
        Assert.Equal((4, 1), (executor.GetProperty("max_tasks").GetInt32(), executor.GetProperty("running").GetInt32()));
    }

    [Fact]
    public async Task Drained_executor_goes_on_with_what_it_runs_and_gets_nothing_more()
    {
        HeldAttempt held = await Api.HoldAsync("a");

        using HttpResponseMessage answer = await Api.PostAsync("/executors/local/drain", type: null);

        Assert.Equal("draining", (await answer.JsonAsync(HttpStatusCode.Accepted)).Text("state"));
        await Api.SubmitAsync("b");
        held.Complete();
        using HttpResponseMessage ended = await Api.GetAsync("/tasks/a/result?wait=20");
        Assert.Equal("COMPLETED", (await ended.JsonAsync()).Text("status"));
        using HttpResponseMessage waits = await Api.GetAsync("/tasks/b");
        Assert.Equal("PENDING", (await waits.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Unknown_executor_is_not_found()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/executors/nobody/drain", type: null);

        await answer.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Parameter_is_refused()
    {
        using HttpResponseMessage answer = await Api.GetAsync("/executors?limit=1");

        Assert.Equal("limit", Assert.Single(await answer.BadFieldsAsync()));
    }
}
