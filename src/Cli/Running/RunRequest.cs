using Executor.Limits;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>What the command line of <c>run</c> asks for, as it was written.</summary>
internal sealed record RunRequest
{
    /// <summary>The file (<c>-</c> is standard input) and the words after it.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What <c>--args</c> brings, then what followed <c>--</c>.</summary>
    public IReadOnlyList<string> ProgramArgs { get; init; } = [];

    /// <summary>Whether words and arguments are a program and its arguments.</summary>
    public bool IsCommand { get; init; }

    public string? Language { get; init; }

    public string? Code { get; init; }

    public string? Callable { get; init; }

    public string? Entrypoint { get; init; }

    /// <summary>A JSON object, or <c>@FILE</c>.</summary>
    public string? Params { get; init; }

    /// <summary>Path of the file for the program's standard input.</summary>
    public string? StdinFile { get; init; }

    /// <summary><c>K=V</c>, or <c>K</c> for our own variable of that name.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary><c>PATH</c> or <c>PATH=DEST</c>.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public string? WorkingDir { get; init; }

    public IReadOnlyList<string> Artifacts { get; init; } = [];

    public string? ArtifactsDir { get; init; }

    /// <summary>Whether the program's standard error is its standard output.</summary>
    public bool MergeOutput { get; init; }

    public RunnerKind? Runner { get; init; }

    public string? Executor { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TaskLimits Limits { get; init; } = new();

    public bool UseSandbox { get; init; } = true;

    /// <summary>Whether the result is printed as JSON instead of the program's output.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a server runs the task, which keeps its output.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Whether the source is read from our standard input.</summary>
    public bool ReadsSourceFromInput => !IsCommand && Words is ["-", ..];
}
