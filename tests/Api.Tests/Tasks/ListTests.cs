using System.Text.Json;

namespace Executor.Api.Tasks;

/// <summary><c>GET /tasks</c>.</summary>
public sealed class ListTests : ApiTest
{
    [Fact]
    public async Task Pages_lead_through_all_tasks_newest_first()
    {
        for (int i = 0; i < 5; i++)
        {
            await Api.SubmitAsync($"t{i}");
        }

        List<string?> seen = [];
        string? cursor = "";
        do
        {
            using HttpResponseMessage answer = await Api.GetAsync($"/tasks?limit=2{cursor}");
            JsonElement page = await answer.JsonAsync();
            seen.AddRange(page.GetProperty("tasks").EnumerateArray().Select(task => task.Text("task_id")));
            cursor = page.Text("next_cursor") is string next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        Assert.Equal(["t4", "t3", "t2", "t1", "t0"], seen);
    }

    [Theory]
    [InlineData("status=completed", "done")]
    [InlineData("status=RUNNING", "held")]
    [InlineData("name=nice%20name", "named")]
    [InlineData("executor_id=nobody", "")]
    [InlineData("executor=other", "")]
    [InlineData("runtime=cobol", "")]
    [InlineData("since=253402300799999", "")]
    [InlineData("since=0&status=COMPLETED", "done")]
    public async Task Filters_leave_only_what_they_name(string query, string expected)
    {
        await Api.RunAsync("done");
        await Api.HoldAsync("held");
        using HttpResponseMessage named = await Api.PostAsync(
            "/tasks", Json.Of(new { task_id = "named", name = "nice name", language = "python", code = Attempts.Hold, capabilities = new[] { "nowhere" } }));

        using HttpResponseMessage answer = await Api.GetAsync($"/tasks?{query}");

        IEnumerable<string?> found = (await answer.JsonAsync()).GetProperty("tasks").EnumerateArray().Select(task => task.Text("task_id"));
        Assert.Equal(expected.Length == 0 ? [] : [expected], found);
    }

    [Theory]
    [InlineData("status=DONE", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=1e3", "limit")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=-1", "since")]
    [InlineData("name=%01", "name")]
    [InlineData("runtimes=python", "runtimes")]
    public async Task Bad_parameter_is_refused(string query, string field)
    {
        using HttpResponseMessage answer = await Api.GetAsync($"/tasks?{query}");

        Assert.Equal(field, Assert.Single(await answer.BadFieldsAsync()));
    }

    [Theory]
    [InlineData("_________________w__")]
    [InlineData("gAAAAAAAAACAAAAAAAAAAA")]
    public async Task Cursor_of_nowhere_gives_a_page(string cursor)
    {
        await Api.SubmitAsync("a");

        using HttpResponseMessage answer = await Api.GetAsync($"/tasks?cursor={cursor}");

        Assert.True((int)answer.StatusCode is 200 or 400, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Every_bad_parameter_is_named()
    {
        using HttpResponseMessage answer = await Api.GetAsync("/tasks?limit=x&status=y&colour=z");

        Assert.Equal(["colour", "limit", "status"], (await answer.BadFieldsAsync()).Order());
    }
}
