using System.Text.Json;
using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>A session as it is now. Times are milliseconds since the Unix epoch.</summary>
public sealed record SessionInfo
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>Its runtime (<c>python</c>).</summary>
    public string? RuntimeId { get; init; }

    /// <summary>The kind of runner that holds it.</summary>
    public RunnerKind? ExecutorType { get; init; }

    /// <summary>The named code executor that holds it.</summary>
    public string? ConfigId { get; init; }

    /// <summary>The host from which it is held.</summary>
    public string? Hostname { get; init; }

    /// <summary>How often its interpreter was made anew: by a restart, or after code that ended it. From 0.</summary>
    public int Restarts { get; init; }

    /// <summary>How many executions it has ended.</summary>
    public long Executions { get; init; }

    /// <summary>How many executions wait in line.</summary>
    public int Waiting { get; init; }

    /// <summary>When it was opened.</summary>
    public long CreateTimeMs { get; init; }

    /// <summary>When it last began or ended an execution.</summary>
    public long LastUsedTimeMs { get; init; }

    /// <summary>How long nothing may be executed before it is closed, in seconds.</summary>
    public double IdleTimeout { get; init; }

    /// <summary>Why it is LOST; null when it is not.</summary>
    public TaskError? Error { get; init; }

    /// <summary>The caller's own data.</summary>
    public JsonElement? Details { get; init; }
}
