using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Storage;

namespace Executor.Sessions;

/// <summary>The JSON of sessions, in the form in which stores keep that of tasks.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionSpec))]
internal sealed partial class SessionJson : JsonSerializerContext
{
    /// <summary>What to serialize with.</summary>
    public static SessionJson Stored { get; } = new(new JsonSerializerOptions(StoredJson.Context.Options));
}
