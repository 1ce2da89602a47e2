using System.Text.Json.Serialization;

namespace Executor.Sessions;

/// <summary>Where a session is. A closed one is nowhere.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SessionStatus>))]
public enum SessionStatus
{
    /// <summary>Its interpreter starts.</summary>
    [JsonStringEnumMemberName("STARTING")]
    Starting,

    /// <summary>It waits for code.</summary>
    [JsonStringEnumMemberName("READY")]
    Ready,

    /// <summary>It executes code.</summary>
    [JsonStringEnumMemberName("BUSY")]
    Busy,

    /// <summary>Its interpreter is gone, with all variables: a restart makes another.</summary>
    [JsonStringEnumMemberName("LOST")]
    Lost,
}
