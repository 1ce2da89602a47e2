using System.Text.Json;

namespace Executor.Cli.Batch;

/// <summary>Batch files and results files, as tests write and read them.</summary>
internal static class BatchFile
{
    /// <summary>A task a line, in Python.</summary>
    public static string Of(params (string TaskId, string Code)[] tasks) =>
        string.Concat(tasks.Select(task => $"{{\"task_id\":\"{task.TaskId}\",\"language\":\"python\",\"code\":{JsonSerializer.Serialize(task.Code)}}}\n"));

    /// <summary>The results, in the file's order.</summary>
    public static List<JsonElement> Results(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    public static string Id(this JsonElement result) => result.GetProperty("task_id").GetString()!;

    public static string Status(this JsonElement result) => result.GetProperty("status").GetString()!;

    public static string Error(this JsonElement result, string field) => result.GetProperty("error").GetProperty(field).GetString()!;
}
