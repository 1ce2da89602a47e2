using System.Net;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Api.Tasks;

/// <summary><c>POST /tasks/batch</c>.</summary>
public sealed class BatchTests : ApiTest
{
    private static readonly string One = Json.Task("one");
    private static readonly string Two = Json.Task("two");

    public static TheoryData<string, string> Forms => new()
    {
        { "application/json", $"[{One}, {Two}]" },
        { "application/json", $$"""{"tasks": [{{One}}, {{Two}}]}""" },
        { "application/x-ndjson", $"{One}\n\n{Two}\n" },
        { "application/jsonl", $"{One}\n{Two}" },
        { "application/yaml", "- {task_id: one, language: python, code: hello}\n- task_id: two\n  language: python\n  code: hello\n" },
        { "application/yaml", "tasks:\n- {task_id: one, language: python, code: hello}\n- {task_id: two, language: python, code: hello}\n" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_form_is_taken_in_its_order(string type, string body)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", body, type);

        JsonElement receipt = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(["one", "two"], receipt.GetProperty("tasks").EnumerateArray().Select(task => task.Text("task_id")));
        Assert.Equal(0, receipt.GetProperty("refused").GetInt32());
    }

    [Fact]
    public async Task Tasks_may_depend_on_each_other()
    {
        using HttpResponseMessage answer = await Api.PostAsync(
            "/tasks/batch",
            Json.Of(new object[]
            {
                new { task_id = "child", language = "python", code = "x", depends_on = new[] { "parent" } },
                new { task_id = "parent", language = "python", code = "x" },
            }));

        await answer.JsonAsync(HttpStatusCode.Accepted);
        using HttpResponseMessage result = await Api.GetAsync("/tasks/child/result?wait=20");
        Assert.Equal("COMPLETED", (await result.JsonAsync()).Text("status"));
    }

    [Fact]
    public async Task Batch_again_is_the_same_batch()
    {
        await Api.RunAsync("one");

        using HttpResponseMessage again = await Api.PostAsync("/tasks/batch", $"[{One}]");

        JsonElement task = (await again.JsonAsync(HttpStatusCode.Accepted)).GetProperty("tasks")[0];
        Assert.Equal("COMPLETED", task.Text("status"));
    }

    [Fact]
    public async Task Conflict_costs_only_its_own_task()
    {
        await Api.RunAsync("one", "other");

        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", $"[{One}, {Two}]");

        JsonElement receipt = await answer.JsonAsync(HttpStatusCode.Accepted);
        JsonElement refused = receipt.GetProperty("tasks")[0];
        Assert.Equal(1, receipt.GetProperty("refused").GetInt32());
        Assert.Equal("urn:executor:problem:conflict", refused.GetProperty("error").Text("type"));
        Assert.False(refused.TryGetProperty("status", out _));
        Assert.False(receipt.GetProperty("tasks")[1].TryGetProperty("error", out _));
    }

    [Fact]
    public async Task Every_fault_is_named_with_its_task_and_line_and_nothing_is_taken()
    {
        using HttpResponseMessage answer = await Api.PostAsync(
            "/tasks/batch", $"{One}\n{{\"language\": \"python\", \"code\": \"x\", \"timeout\": -1}}\nnonsense\n", "application/x-ndjson");

        Problem problem = await answer.ProblemAsync(400, "invalid-request");
        Assert.Equal([("tasks[1].timeout", 2L), ("tasks[2]", 3L)], problem.Errors!.Select(error => (error.Field, error.Line!.Value)));
        using HttpResponseMessage found = await Api.GetAsync("/tasks/one");
        await found.ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "[]")]
    [InlineData("application/json", "[1, 2")]
    [InlineData("application/json", "7")]
    [InlineData("application/json", """{"tasks": 7}""")]
    [InlineData("application/yaml", "a: [")]
    [InlineData("application/yaml", "a: &b [*b, *b]")]
    [InlineData("application/x-ndjson", "\n\n")]
    public async Task What_is_no_batch_is_refused(string type, string body)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", body, type);

        await answer.ProblemAsync(400, "invalid-request");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/yaml")]
    public async Task Batch_of_too_many_tasks_is_refused_with_the_limit(string type)
    {
        string body = type switch
        {
            "application/json" => $"[{string.Join(",\n", Enumerable.Repeat("1", 300_000))}]",
            "application/yaml" => string.Concat(Enumerable.Repeat("- 1\n", 20_000)),
            _ => string.Concat(Enumerable.Repeat("1\n", 300_000)),
        };

        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", body, type);

        Problem problem = await answer.ProblemAsync(400, "invalid-request");
        Assert.Contains("at most 10000", problem.Detail, StringComparison.Ordinal);
        Assert.InRange(problem.Errors!.Count, 1, 100);
    }

    [Theory]
    [InlineData("application/json", '[')]
    [InlineData("application/yaml", '[')]
    [InlineData("application/yaml", '{')]
    [InlineData("application/x-ndjson", '[')]
    public async Task Body_that_is_nested_without_end_is_refused(string type, char opening)
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", new string(opening, 200_000), type);

        await answer.ProblemAsync(400, "invalid-request");
    }

    [Fact]
    public async Task Yaml_that_grows_without_end_is_refused()
    {
        string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 12)
            .Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));

        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch", bomb + "code: *a12\n", "application/yaml");

        await answer.ProblemAsync(400, "invalid-request");
    }

    [Fact]
    public async Task Parameter_is_refused_where_there_is_none()
    {
        using HttpResponseMessage answer = await Api.PostAsync("/tasks/batch?wait=10", $"[{One}]");

        Assert.Equal("wait", Assert.Single(await answer.BadFieldsAsync()));
    }
}
