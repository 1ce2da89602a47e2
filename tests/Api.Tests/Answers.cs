using System.Net;
using System.Text.Json;
using Executor.Http.Wire;

namespace Executor.Api;

/// <summary>Reads answers.</summary>
internal static class Answers
{
    /// <summary>The body of an answer with that status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode status = HttpStatusCode.OK)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>A text member.</summary>
    public static string? Text(this JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    /// <summary>The problem that an answer with that status tells of; it is whole.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage answer, int status, string kind)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Problem problem = JsonSerializer.Deserialize(text, ApiJson.Wire.Problem)!;
        Assert.Equal((status, $"urn:executor:problem:{kind}"), (problem.Status, problem.Type));
        Assert.NotEmpty(problem.Title);
        Assert.False(string.IsNullOrEmpty(problem.Detail), text);
        return problem;
    }

    /// <summary>The fields that a 400 names.</summary>
    public static async Task<IReadOnlyList<string>> BadFieldsAsync(this HttpResponseMessage answer)
    {
        Problem problem = await answer.ProblemAsync(400, "invalid-request");
        return [.. problem.Errors!.Select(error => error.Field)];
    }
}
