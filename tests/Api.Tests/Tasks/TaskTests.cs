using System.Net;
using System.Text.Json;

namespace Executor.Api.Tasks;

/// <summary>A task by its id: where it is, its result, its cancellation.</summary>
public sealed class TaskTests : ApiTest
{
    [Fact]
    public async Task Task_tells_where_it_is_and_what_was_asked()
    {
        await Api.HoldAsync("a");

        using HttpResponseMessage answer = await Api.GetAsync("/tasks/a");

        JsonElement task = await answer.JsonAsync();
        Assert.Equal(("a", "RUNNING", "local"), (task.Text("task_id"), task.Text("status"), task.Text("executor_id")));
        Assert.Equal(Attempts.Hold, task.GetProperty("spec").Text("code"));
    }

    [Fact]
    public async Task Result_that_is_not_there_yet_is_told_with_the_status()
    {
        await Api.HoldAsync("a");

        using HttpResponseMessage answer = await Api.GetAsync("/tasks/a/result");

        Assert.Equal("RUNNING", (await answer.JsonAsync(HttpStatusCode.Accepted)).Text("status"));
    }

    [Fact]
    public async Task Result_can_be_waited_for()
    {
        HeldAttempt held = await Api.HoldAsync("a");

        Task<HttpResponseMessage> waiting = Api.GetAsync("/tasks/a/result?wait=30");
        Assert.False(waiting.IsCompleted);
        held.Complete();

        using HttpResponseMessage answer = await waiting;
        Assert.Equal("COMPLETED", (await answer.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Running_task_is_cancelled()
    {
        await Api.HoldAsync("a");

        using HttpResponseMessage asked = await Api.PostAsync("/tasks/a/cancel", type: null);

        Assert.Equal("a", (await asked.JsonAsync(HttpStatusCode.Accepted)).Text("task_id"));
        using HttpResponseMessage result = await Api.GetAsync("/tasks/a/result?wait=20");
        Assert.Equal("CANCELLED", (await result.JsonAsync()).Text("status"));
        using HttpResponseMessage again = await Api.PostAsync("/tasks/a/cancel", type: null);
        Assert.Equal("CANCELLED", (await again.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Waiting_task_is_cancelled_at_once()
    {
        using HttpResponseMessage waiting = await Api.PostAsync(
            "/tasks", Json.Of(new { task_id = "a", language = "python", code = "x", capabilities = new[] { "nowhere" } }));

        using HttpResponseMessage answer = await Api.PostAsync("/tasks/a/cancel", type: null);

        Assert.Equal("CANCELLED", (await answer.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Completed_task_can_t_be_cancelled()
    {
        await Api.RunAsync("a");

        using HttpResponseMessage answer = await Api.PostAsync("/tasks/a/cancel", type: null);

        Assert.Contains("COMPLETED", (await answer.ProblemAsync(409, "conflict")).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/tasks/nobody")]
    [InlineData("GET", "/tasks/nobody/result")]
    [InlineData("GET", "/tasks/nobody/result?wait=1")]
    [InlineData("GET", "/tasks/nobody/output")]
    [InlineData("POST", "/tasks/nobody/cancel")]
    [InlineData("GET", "/tasks/%01")]
    [InlineData("GET", "/tasks/%ED%A0%80")]
    public async Task Unknown_task_is_not_found(string method, string path)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);

        using HttpResponseMessage answer = await Api.Client.SendAsync(request);

        await answer.ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Id_that_nothing_can_have_is_not_found()
    {
        using HttpResponseMessage answer = await Api.GetAsync($"/tasks/{new string('x', 4000)}");

        Assert.InRange((await answer.ProblemAsync(404, "not-found")).Detail!.Length, 1, 300);
    }
}
