using System.Text.Json;
using Executor.Tasks;

namespace Executor.Sessions;

/// <summary>What came of code that was executed in a session. The fields that a task's result has, too, mean what they mean there.</summary>
/// <remarks>Members with a default are settable, not init: the JSON source generator resets an init-only member that the JSON does not name.</remarks>
public sealed record SessionExecution
{
    /// <summary>The session.</summary>
    public required string SessionId { get; init; }

    /// <summary>Which execution of the session it was, from 1.</summary>
    public long Execution { get; init; }

    /// <summary>COMPLETED, FAILED, or CANCELLED when somebody interrupted it.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>Whether it ended COMPLETED.</summary>
    public bool Success => Status == ExecutionStatus.Completed;

    /// <summary>What it wrote to standard output, as text.</summary>
    public string Stdout { get; set; } = "";

    /// <summary>What it wrote to standard error, as text.</summary>
    public string Stderr { get; set; } = "";

    /// <summary>Whether stdout or stderr went over <c>output_kb</c> and was cut.</summary>
    public bool OutputTruncated { get; init; }

    /// <summary>The value of its last expression, where that is JSON; else null.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>The value of its last expression as the language shows it (<c>repr</c>); null: there is none, or it is nothing (<c>None</c>).</summary>
    public string? ResultText { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Whether the wall-clock timeout ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether the memory limit ended it.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Whether the interpreter ended with it, so that all variables are gone; there is another one now.</summary>
    public bool Restarted { get; init; }

    /// <summary>Start in milliseconds since the Unix epoch.</summary>
    public long StartTimeMs { get; init; }

    /// <summary>End in milliseconds since the Unix epoch.</summary>
    public long EndTimeMs { get; init; }

    /// <summary>Wall-clock duration in seconds.</summary>
    public double DurationSec { get; init; }
}
