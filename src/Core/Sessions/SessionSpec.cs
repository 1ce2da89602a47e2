using System.Text.Json;
using System.Text.Json.Serialization;
using Executor.Limits;
using Executor.Tasks;
using Executor.Wire;

namespace Executor.Sessions;

/// <summary>What kind of session is asked for. The fields that a task has, too, mean what they mean there.</summary>
public sealed record SessionSpec
{
    /// <summary>Chosen by the caller it makes opening idempotent; otherwise the system chooses one.</summary>
    public string? SessionId { get; init; }

    /// <summary>A name for people.</summary>
    public string? Name { get; init; }

    /// <summary>The runtime's name. Default <c>python</c>.</summary>
    // Settable, not init: the JSON source generator resets an init-only member that the JSON does not name.
    public string Language { get; set; } = "python";

    /// <summary>Which kind of runner holds it; null: that of <see cref="Executor"/>, else this machine.</summary>
    public RunnerKind? Runner { get; init; }

    /// <summary>Which named code executor of the configuration holds it; null: the default one.</summary>
    public string? Executor { get; init; }

    /// <summary>Whether a local session is isolated. Default true.</summary>
    public bool UseSandbox { get; set; } = true; // settable as Language is

    /// <summary>Environment variables on top of the runner's minimal set.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Files by relative path, laid out in the working directory before anything is executed.</summary>
    public IReadOnlyDictionary<string, TaskFile>? Files { get; init; }

    /// <summary>Limits of all its processes together. There is no limit of CPU time unless one is asked for; <c>output_kb</c> holds for each execution.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>Packages and variables its interpreter needs.</summary>
    public RuntimeEnv? RuntimeEnv { get; init; }

    /// <summary>Code that is executed when the session begins and after every restart; what it defines is there for all that follows.</summary>
    public string? Startup { get; init; }

    /// <summary>Wall-clock time of an execution that does not say; on the wire in seconds. Range over 0. Null: the code executor's, else 300 s.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long nothing may be executed before it is closed; on the wire in seconds. Range over 0. Null: <c>sessions.idle_timeout_sec</c>.</summary>
    [JsonConverter(typeof(SecondsConverter))]
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>The caller's own data: kept and returned, never read.</summary>
    public JsonElement? Details { get; init; }

    /// <summary>A task that asks for the same place, by which a place for the session is chosen, checked and prepared.</summary>
    /// <param name="code">The task's code.</param>
    public TaskSpec ToTask(string code) => new()
    {
        Name = Name,
        Language = Language,
        Code = code,
        Runner = Runner,
        Executor = Executor,
        UseSandbox = UseSandbox,
        Env = Env,
        Files = Files,
        Limits = Limits,
        RuntimeEnv = RuntimeEnv,
        Timeout = Timeout,
        Details = Details,
    };

    /// <summary>Whether the other asks for the same, however its JSON was laid out.</summary>
    public bool AsksTheSameAs(SessionSpec other) => Canonical(this).SequenceEqual(Canonical(other));

    private static ReadOnlySpan<byte> Canonical(SessionSpec spec) =>
        CanonicalJson.Write(JsonSerializer.SerializeToUtf8Bytes(spec, SessionJson.Stored.SessionSpec), []);
}
