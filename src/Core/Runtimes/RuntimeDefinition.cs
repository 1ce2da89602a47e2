using Executor.Limits;

namespace Executor.Runtimes;

/// <summary>
/// A language's recipe: how to compile, run and warm it. Data, from the built-in catalogue or the configuration's
/// <c>runtimes</c>. In <see cref="Compile"/>, <see cref="Run"/> and the values of <see cref="Env"/> these placeholders are replaced
/// (anything else in braces stays as it is):
/// <list type="bullet">
/// <item><c>{interpreter}</c>: the resolved path of <see cref="Interpreter"/>;</item>
/// <item><c>{bin}</c>: the folder that holds it, for its neighbours (<c>{bin}/java</c> beside <c>javac</c>);</item>
/// <item><c>{source}</c>: the source file's path relative to the working directory; <c>{stem}</c>: its file name without extension;</item>
/// <item><c>{main}</c>: the full name of the Java class that has <c>main</c>; of other languages as <c>{stem}</c>;</item>
/// <item><c>{sources}</c>, as an element of its own: the source and every other file of the language that is no program of its own, with what
/// the compiler needs to find their headers;</item>
/// <item><c>{memory_mb}</c>: the stage's memory limit in MiB; <c>{heap_mb}</c>: three quarters of it, for a garbage-collected heap;
/// <c>{heap_hex}</c>: the same in bytes, hexadecimal;</item>
/// <item><c>{stack_mb}</c>: the stage's stack limit in MiB; <c>{main_stack_mb}</c>: it where it is below the
/// memory limit, else a sixth of the memory, and at most 1 GiB: for languages whose programs can catch an overflow, which then comes before
/// the memory's end; <c>{v8_stack_kb}</c>: seven eighths of that in KiB; <c>{thread_stack_kb}</c>, <c>{thread_stack_bytes}</c>,
/// <c>{thread_stack_hex}</c>: the same, but at most 16 MiB, for threads of which there may be many;</item>
/// <item><c>{flags}</c> and <c>{args}</c>, each as an element of its own: <see cref="Flags"/>, and the task's arguments.</item>
/// </list>
/// </summary>
public sealed record RuntimeDefinition
{
    /// <summary>Its name: the <c>language</c> of tasks and the <c>runtime_id</c> of results.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The built-in runtime whose ways it shares: how its errors read and whether its functions can be called. Default: its own name.
    /// </summary>
    public string Family { get => field ?? Name; init; }

    /// <summary>Other names that mean it (<c>py</c>, <c>python3</c>).</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>File extensions that tell it, with the dot.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Name given to the source file when the task brings <c>code</c> (<c>main.py</c>).</summary>
    public required string SourceFile { get; init; }

    /// <summary>The program that must be there: a path, or names looked for on PATH, the first found wins.</summary>
    public required IReadOnlyList<string> Interpreter { get; init; }

    /// <summary>
    /// Command of the compile stage; null where there is none. Its products belong in the working directory's <c>.executor</c>
    /// folder, which is there before it starts, out of the way of the task's own files.
    /// </summary>
    public IReadOnlyList<string>? Compile { get; init; }

    /// <summary>Command of the run stage.</summary>
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>
    /// Options that a user may want others of, put where <c>{flags}</c> stands: the compiler's, or where there is none, or where it has no
    /// say in it (Java), those of the program that runs.
    /// </summary>
    public IReadOnlyList<string> Flags { get; init; } = [];

    /// <summary>Environment variables of both stages; the task's win.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Limits that suit the language better than the general defaults (a JVM's threads, a Go build's disk).</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>Limits of the compile stage.</summary>
    public TaskLimits? CompileLimits { get; init; }

    /// <summary>Wall-clock limit of the compile stage. Default 60 s.</summary>
    public TimeSpan CompileTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How it can be warmed. Default <see cref="WarmKind.None"/>.</summary>
    public WarmKind Warm { get; init; }

    /// <summary>Folders outside the system's own that the toolchain needs to read (<c>/opt/go</c>).</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Arguments that print the version.</summary>
    public IReadOnlyList<string> VersionArgs { get; init; } = ["--version"];

    /// <summary>How to get the toolchain: a command or a sentence.</summary>
    public required string InstallHint { get; init; }
}

/// <summary>How a runtime's start-up cost is taken off a task's path.</summary>
public enum WarmKind
{
    /// <summary>Not at all: each task starts its own process.</summary>
    None,

    /// <summary>A warm Python forks a child for each task.</summary>
    ForkPython,

    /// <summary>A Node process is started ahead and used once.</summary>
    PrestartNode,
}
