using System.Text.Json.Serialization;

namespace Executor.Tasks;

/// <summary>Where a task is in its life. On the wire: the upper-case name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExecutionStatus>))]
public enum ExecutionStatus
{
    /// <summary>Stored and waiting for an executor.</summary>
    [JsonStringEnumMemberName("PENDING")]
    Pending,

    /// <summary>Given to an executor under a lease.</summary>
    [JsonStringEnumMemberName("RUNNING")]
    Running,

    /// <summary>Ended with success. Final.</summary>
    [JsonStringEnumMemberName("COMPLETED")]
    Completed,

    /// <summary>Ended without success: the code failed, a limit was reached, or our own machinery failed. Final.</summary>
    [JsonStringEnumMemberName("FAILED")]
    Failed,

    /// <summary>Ended because somebody asked for it. Final.</summary>
    [JsonStringEnumMemberName("CANCELLED")]
    Cancelled,
}
