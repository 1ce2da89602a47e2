using System.Text.Json.Serialization;
using Executor.Wire;

namespace Executor.Sessions;

/// <summary>Code to execute in a session.</summary>
public sealed record ExecuteRequest
{
    /// <summary>Source text.</summary>
    public required string Code { get; init; }

    /// <summary>Wall-clock time until it is interrupted; on the wire in seconds. Range over 0. Null: the session's.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }
}
