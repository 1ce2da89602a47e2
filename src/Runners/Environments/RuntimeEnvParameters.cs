using System.Text.Json.Serialization;

namespace Executor.Runners.Environments;

/// <summary>What <see cref="RuntimeEnvInstall"/> is asked with.</summary>
internal sealed record RuntimeEnvParameters
{
    /// <summary>What is to be installed.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>The Python runtime.</summary>
    public string Language { get; set; } = "python"; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <summary>The code executor whose Python it is for; null: the first local one.</summary>
    public string? Executor { get; init; }
}

/// <summary>Their JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RuntimeEnvParameters))]
internal sealed partial class RuntimeEnvJson : JsonSerializerContext;
