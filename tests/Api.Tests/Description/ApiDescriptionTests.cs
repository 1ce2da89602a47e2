using System.Text.Json;

namespace Executor.Api.Description;

/// <summary><c>GET /openapi/v1.json</c>.</summary>
public sealed class ApiDescriptionTests : ApiTest
{
    private static readonly string[] Routes =
    [
        "delete /sessions/{id}", "get /callbacks", "get /executors", "get /health", "get /jobs", "get /jobs/{id}", "get /jobs/{id}/log", "get /metrics", "get /ready",
        "get /session/{id}/ready", "get /sessions", "get /sessions/{id}", "get /tasks", "get /tasks/{id}", "get /tasks/{id}/output", "get /tasks/{id}/result",
        "head /health", "head /ready", "post /executors/{id}/drain", "post /jobs", "post /jobs/{id}/cancel", "post /session/{id}/execute",
        "post /session/{id}/interrupt", "post /session/{id}/restart", "post /sessions", "post /tasks", "post /tasks/batch", "post /tasks/{id}/cancel",
    ];

    [Fact]
    public async Task Every_route_is_described()
    {
        JsonElement document = await DocumentAsync();

        Assert.StartsWith("3.", document.Text("openapi"), StringComparison.Ordinal);
        Assert.Equal(Routes, Operations(document).Select(operation => operation.Route).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_answers_and_problems()
    {
        List<(string Route, JsonElement Operation)> operations = Operations(await DocumentAsync());

        Assert.All(operations, found =>
        {
            Assert.False(string.IsNullOrEmpty(found.Operation.Text("summary")), found.Route);
            Assert.False(string.IsNullOrEmpty(found.Operation.Text("operationId")), found.Route);
            JsonElement answers = found.Operation.GetProperty("responses");
            Assert.Contains(answers.EnumerateObject(), answer => answer.Name.StartsWith('2'));
            Assert.True(answers.GetProperty("default").GetProperty("content").TryGetProperty("application/problem+json", out _), found.Route);
        });
        IEnumerable<string?> names = operations.Where(found => !found.Route.StartsWith("head", StringComparison.Ordinal)).Select(found => found.Operation.Text("operationId"));
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        JsonElement document = await DocumentAsync();
        List<string> references = [];
        Collect(document, references);

        Assert.NotEmpty(references);
        Assert.All(references.Distinct(), reference =>
        {
            JsonElement at = document;
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            foreach (string step in reference[2..].Split('/').Select(step => Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
            {
                Assert.True(at.ValueKind == JsonValueKind.Array ? int.Parse(step) < at.GetArrayLength() : at.TryGetProperty(step, out _), reference);
                at = at.ValueKind == JsonValueKind.Array ? at[int.Parse(step)] : at.GetProperty(step);
            }
        });
    }

    [Fact]
    public async Task Parameters_bodies_and_answers_are_described_as_they_are_on_the_wire()
    {
        JsonElement document = await DocumentAsync();
        Dictionary<string, JsonElement> operations = Operations(document).ToDictionary(found => found.Route, found => found.Operation);

        string[] Parameters(string route) => [.. operations[route].GetProperty("parameters").EnumerateArray().Select(parameter => parameter.Text("name")!)];
        string[] Bodies(string route) => [.. operations[route].GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(content => content.Name)];
        Assert.Equal(["status", "executor", "executor_id", "name", "runtime", "since", "limit", "cursor"], Parameters("get /tasks"));
        Assert.Equal(["id", "after", "format"], Parameters("get /tasks/{id}/output"));
        Assert.Equal(["application/json", "application/x-ndjson", "application/jsonl", "application/yaml"], Bodies("post /tasks/batch"));
        JsonElement task = document.GetProperty("components").GetProperty("schemas").GetProperty("TaskSpec").GetProperty("properties");
        Assert.True(task.TryGetProperty("task_id", out _));
        Assert.True(task.TryGetProperty("use_sandbox", out _));
        Assert.Contains("number", task.GetProperty("timeout").GetRawText(), StringComparison.Ordinal);
        Assert.True(operations["get /tasks/{id}/output"].GetProperty("responses").GetProperty("200").GetProperty("content").TryGetProperty("text/event-stream", out _));
    }

    [Fact]
    public async Task Types_are_described_once_in_the_words_of_the_wire()
    {
        JsonElement document = await DocumentAsync();
        Dictionary<string, JsonElement> operations = Operations(document).ToDictionary(found => found.Route, found => found.Operation);

        JsonElement body = operations["post /tasks"].GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal("#/components/schemas/TaskSpec", body.Text("$ref"));
        JsonElement task = document.GetProperty("components").GetProperty("schemas").GetProperty("TaskSpec");
        Assert.Equal("integer", task.GetProperty("properties").GetProperty("priority").Text("type"));
        Assert.StartsWith("With code or script: the function to call with params", task.GetProperty("properties").GetProperty("callable").Text("description"), StringComparison.Ordinal);
        Assert.DoesNotContain("&lt;", document.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("TaskSpec.", document.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_is_asked_for_by_all_but_what_is_open()
    {
        JsonElement document = await DocumentAsync();
        Dictionary<string, JsonElement> operations = Operations(document).ToDictionary(found => found.Route, found => found.Operation);

        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("api_key").Text("scheme"));
        Assert.Equal(1, document.GetProperty("security").GetArrayLength());
        Assert.False(operations["post /tasks"].TryGetProperty("security", out _));
        Assert.Equal(0, operations["get /health"].GetProperty("security").GetArrayLength());
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using HttpResponseMessage answer = await Api.GetAsync("/openapi/v1.json");
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static List<(string Route, JsonElement Operation)> Operations(JsonElement document) =>
    [
        .. document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => ($"{method.Name} {path.Name}", method.Value))),
    ];

    private static void Collect(JsonElement json, List<string> references)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in json.EnumerateObject())
            {
                if (member.NameEquals("$ref"))
                {
                    references.Add(member.Value.GetString()!);
                }

                Collect(member.Value, references);
            }
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in json.EnumerateArray())
            {
                Collect(item, references);
            }
        }
    }
}
