using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Executor.Tasks;

namespace Executor.Storage.Sql.Rows;

/// <summary>
/// A result as JSON without what <c>code_execution_results</c> and <c>tasks</c> have columns for. Whatever is added to
/// <see cref="TaskResult"/> goes in here by itself.
/// </summary>
internal static class OutcomeJson
{
    private static readonly HashSet<string> InColumns =
    [
        "id", "completed", "success", "exit_code", "stdout", "stderr", "start_time_ms", "end_time_ms", "duration_sec",
        "executor_type", "executor_id", "runtime_id", "config_id", "name", "hostname", "attempt",
    ];

    private static readonly JsonTypeInfo<TaskResult> Type = (JsonTypeInfo<TaskResult>)new JsonSerializerOptions(StoredJson.Context.Options)
    {
        TypeInfoResolver = ((IJsonTypeInfoResolver)StoredJson.Context).WithAddedModifier(LeaveOutColumns),
    }.GetTypeInfo(typeof(TaskResult));

    public static string Write(TaskResult result) => JsonSerializer.Serialize(result, Type);

    public static TaskResult Read(string json) => JsonSerializer.Deserialize(json, Type)!;

    private static void LeaveOutColumns(JsonTypeInfo info)
    {
        if (info.Type != typeof(TaskResult))
        {
            return;
        }

        foreach (JsonPropertyInfo property in info.Properties)
        {
            if (InColumns.Contains(property.Name))
            {
                property.ShouldSerialize = static (_, _) => false;
            }
            else if (property.PropertyType == typeof(bool))
            {
                property.ShouldSerialize = static (_, value) => value is true;
            }
        }
    }
}
