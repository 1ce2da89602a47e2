using System.Text.Json;

namespace Executor.Api;

/// <summary>JSON bodies.</summary>
internal static class Json
{
    public static string Task(string taskId, string code = "hello") => Of(new { task_id = taskId, language = "python", code });

    public static string Of(object value) => JsonSerializer.Serialize(value);
}
