using System.Text.Json;
using System.Text.Json.Serialization;

namespace Executor.Tasks;

/// <summary>What came of a task. <c>docs/results.md</c> says for each field when it is set and by which runner.</summary>
/// <remarks>Members with a default are settable, not init: the JSON source generator resets an init-only member that the JSON does not name.</remarks>
public sealed record TaskResult
{
    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>This execution (a UUID): the key of <c>code_execution_results</c>.</summary>
    public Guid Id { get; set; } = Guid.CreateVersion7();

    /// <summary>Where the task is.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>Whether the task has ended.</summary>
    public bool Completed => Status.IsFinal();

    /// <summary>Whether it ended COMPLETED.</summary>
    public bool Success => Status == ExecutionStatus.Completed;

    /// <summary>The program's exit code; 128 + n when signal n ended it; null when it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Name of the signal that ended the program (<c>SIGKILL</c>), else null.</summary>
    public string? Signal { get; init; }

    /// <summary>Standard output as text: invalid UTF-8 replaced by U+FFFD.</summary>
    public string Stdout { get; set; } = "";

    /// <summary>Standard error as text: invalid UTF-8 replaced by U+FFFD.</summary>
    public string Stderr { get; set; } = "";

    /// <summary>Whether stdout or stderr went over <c>output_kb</c> and was cut (a mark says so where it was cut).</summary>
    public bool OutputTruncated { get; init; }

    /// <summary>What the compile stage of a compiled language printed and how it ended; null where there is none.</summary>
    public StageResult? Compile { get; init; }

    /// <summary>The callable's or entrypoint's value.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why it did not succeed; null when it did.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Whether the wall-clock timeout ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether the memory limit ended it.</summary>
    public bool OomKilled { get; init; }

    /// <summary>Start of the run in milliseconds since the Unix epoch.</summary>
    public long StartTimeMs { get; init; }

    /// <summary>End of the run in milliseconds since the Unix epoch.</summary>
    public long EndTimeMs { get; init; }

    /// <summary>Wall-clock duration of the run, in seconds.</summary>
    public double DurationSec { get; init; }

    /// <summary>CPU time of the whole process tree, in seconds; null where the runner can't tell.</summary>
    public double? CpuTimeSec { get; init; }

    /// <summary>Largest memory of the process tree in MiB; null where the runner can't tell.</summary>
    public double? PeakMemoryMb { get; init; }

    /// <summary>The kind of runner.</summary>
    public RunnerKind? ExecutorType { get; init; }

    /// <summary>The registered executor that ran it.</summary>
    public string? ExecutorId { get; init; }

    /// <summary>The runtime that ran it (<c>python</c>).</summary>
    public string? RuntimeId { get; init; }

    /// <summary>The named code executor of the configuration that ran it.</summary>
    public string? ConfigId { get; init; }

    /// <summary>The task's name.</summary>
    public string? Name { get; init; }

    /// <summary>The host that ran it.</summary>
    public string? Hostname { get; init; }

    /// <summary>Which attempt this was, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Whether a stored result was the answer.</summary>
    public bool Cached { get; init; }

    /// <summary>The files that matched the task's <c>artifacts</c>, by path relative to the working directory.</summary>
    public IReadOnlyDictionary<string, TaskFile>? Artifacts { get; init; }

    /// <summary>What matched but was not returned, and why: links, devices, unreadable or too large files.</summary>
    public IReadOnlyList<string>? ArtifactsSkipped { get; init; }

    /// <summary>The caller's own data.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>Whether our own machinery failed, not the user's code.</summary>
    [JsonIgnore]
    public bool IsInfrastructureFailure =>
        Error?.Type.StartsWith(TaskErrorTypes.InfrastructurePrefix, StringComparison.Ordinal) == true;
}

/// <summary>How a stage before the run (compiling) went.</summary>
public sealed record StageResult
{
    /// <summary>The stage's exit code; 128 + n when signal n ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it printed to standard output.</summary>
    public string Stdout { get; set; } = "";

    /// <summary>What it printed to standard error.</summary>
    public string Stderr { get; set; } = "";

    /// <summary>Wall-clock duration in seconds.</summary>
    public double DurationSec { get; init; }
}
