using System.Text.Json;
using System.Text.Json.Serialization;

namespace Executor.Http.Wire;

/// <summary>Asks for a job.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record JobRequest
{
    /// <summary>What to do (<c>docker_image.download</c>).</summary>
    public required string Type { get; init; }

    /// <summary>An object; null: none.</summary>
    public JsonElement? Params { get; init; }
}
