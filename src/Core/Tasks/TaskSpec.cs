using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Limits;
using Executor.Wire;

namespace Executor.Tasks;

/// <summary>
/// What was asked: one unit of work. Exactly one of <see cref="Code"/>, <see cref="Script"/>, <see cref="Command"/> and
/// <see cref="Entrypoint"/> is set; <c>TaskSpecValidator</c> says what else must hold.
/// </summary>
public sealed record TaskSpec
{
    /// <summary>Chosen by the caller it makes a submit idempotent; otherwise the system chooses one.</summary>
    public string? TaskId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>The runtime's name (<c>python</c>, <c>node</c>, …); else told from the script's extension.</summary>
    public string? Language { get; init; }

    /// <summary>Source text.</summary>
    public string? Code { get; init; }

    /// <summary>Path of a source file: in <see cref="Files"/> or the working directory; on the command line, a file of the caller's.</summary>
    public string? Script { get; init; }

    /// <summary>A program and its arguments.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary><c>package.module:function</c>, found in the working directory.</summary>
    public string? Entrypoint { get; init; }

    /// <summary>With <see cref="Code"/> or <see cref="Script"/>: the function to call with <see cref="Params"/>; its value is the result.</summary>
    public string? Callable { get; init; }

    /// <summary>Keyword arguments for the callable: a JSON object.</summary>
    public JsonElement? Params { get; init; }

    /// <summary>Command-line arguments of the program.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Text for the program's standard input; without it, standard input is empty.</summary>
    public string? Stdin { get; init; }

    /// <summary>Environment variables on top of the runner's minimal set.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Files by relative path, laid out in the working directory.</summary>
    public IReadOnlyDictionary<string, TaskFile>? Files { get; init; }

    /// <summary>A folder whose content becomes the working directory's. Only the command line reads it (and uploads it as <see cref="Files"/>).</summary>
    public string? WorkingDir { get; init; }

    /// <summary>The caller's own data: kept and returned, never read.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>Which kind of runner must run it; null: any that fits.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>Which named code executor of the configuration must run it; null: the default one.</summary>
    public string? Executor { get; init; }

    /// <summary>What an executor must have to be given the task.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>What the task occupies while it runs.</summary>
    public ResourceRequest? Resources { get; init; }

    /// <summary>Whether a local run is isolated. Default true.</summary>
    // Settable, not init: the JSON source generator resets an init-only member that the JSON does not name.
    public bool UseSandbox { get; set; } = true;

    /// <summary>Whether the program's standard error is its standard output, as with <c>2&gt;&amp;1</c>: everything is in <c>stdout</c>, in order. Default false.</summary>
    public bool MergeOutput { get; init; }

    /// <summary>Wall-clock time from start to kill; on the wire in seconds. Null: the code executor's, else 300 s.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>Wall-clock time from submit to start, above which it fails without having run; on the wire in seconds. Range over 0. Null: it waits for ever.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? QueueTimeout { get; init; }

    /// <summary>Higher runs first; equal: oldest first. Default 0.</summary>
    public int Priority { get; init; }

    /// <summary>Limits asked for.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>Packages and variables the task's environment needs.</summary>
    public RuntimeEnv? RuntimeEnv { get; init; }

    /// <summary>Whether and how a failed attempt is repeated.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>Ids of tasks that must be COMPLETED first.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>Whether a stored result of the same work may be the answer.</summary>
    public CacheOptions? Cache { get; init; }

    /// <summary>Glob patterns of files to return, relative to the working directory (<c>out/*.png</c>, <c>**/*.csv</c>).</summary>
    public IReadOnlyList<string>? Artifacts { get; init; }

    /// <summary>Called with the result (HTTP POST) when the task ends.</summary>
    public string? CallbackUrl { get; init; }
}

/// <summary>A kind of runner: the <c>executor_type</c> of results.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunnerKind>))]
public enum RunnerKind
{
    /// <summary>This machine.</summary>
    [JsonStringEnumMemberName("localhost")]
    Localhost,

    /// <summary>A Docker engine.</summary>
    [JsonStringEnumMemberName("docker")]
    Docker,

    /// <summary>A host reached over SSH.</summary>
    [JsonStringEnumMemberName("ssh")]
    Ssh,
}

/// <summary>What a task occupies while it runs.</summary>
public sealed record ResourceRequest
{
    /// <summary>CPU cores. Range over 0. Default 1.</summary>
    public double Cpus { get; set; } = 1; // settable as TaskSpec.UseSandbox is

    /// <summary>Memory in MiB; null: its memory limit is not counted against the executor.</summary>
    public int? MemoryMb { get; init; }

    /// <summary>Whole GPUs. Default 0.</summary>
    public int Gpus { get; init; }
}

/// <summary>What must be installed or set before the task's code runs.</summary>
public sealed record RuntimeEnv
{
    /// <summary>Packages of the language's package index (<c>pandas</c>, <c>requests==2.32.0</c>).</summary>
    public IReadOnlyList<string>? Packages { get; init; }

    /// <summary>Environment variables; <see cref="TaskSpec.Env"/> wins over them.</summary>
    public IReadOnlyDictionary<string, string>? EnvVars { get; init; }
}

/// <summary>Whether and how a failed attempt is repeated.</summary>
public sealed record RetryPolicy
{
    /// <summary>Attempts in all. Range 1 to 100. Default 1: no retry.</summary>
    public int MaxAttempts { get; set; } = 1; // settable as TaskSpec.UseSandbox is

    /// <summary>Wait before the second attempt; doubled before each further one. On the wire <c>backoff_sec</c>. Default 1 s.</summary>
    [JsonPropertyName("backoff_sec")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1); // settable as TaskSpec.UseSandbox is
}

/// <summary>Whether a stored result of the same work may be the answer.</summary>
public sealed record CacheOptions
{
    /// <summary>How old a stored result may be; on the wire <c>ttl_sec</c>. Default one hour.</summary>
    [JsonPropertyName("ttl_sec")]
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan Ttl { get; set; } = TimeSpan.FromHours(1); // settable as TaskSpec.UseSandbox is
}
