using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Executor.Tasks;

/// <summary>The wire's JSON of tasks: snake_case, unknown fields refused, nulls left out. Used by files, HTTP, storage and workers alike.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TaskSpec))]
[JsonSerializable(typeof(TaskResult))]
public sealed partial class ExecutorJson : JsonSerializerContext
{
    /// <summary>The shared instance: text is written readably (only what JSON itself must escape is escaped).</summary>
    public static ExecutorJson Wire => field ??= new ExecutorJson(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
