using Executor.Limits;
using Executor.Runtimes;

namespace Executor.Configuration;

/// <summary>
/// An entry of <c>runtimes</c>: replaces what it names in the built-in runtime of that name, or defines a new one. Null
/// members were left out. Meanings, units and placeholders as in <see cref="RuntimeDefinition"/>.
/// </summary>
public sealed record RuntimeOverride
{
    /// <summary>The runtime's name.</summary>
    public required string Name { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Aliases"/>.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Extensions"/>; each begins with a dot.</summary>
    public IReadOnlyList<string>? Extensions { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.SourceFile"/>; a bare file name.</summary>
    public string? SourceFile { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Interpreter"/>; in the file one name or a list.</summary>
    public IReadOnlyList<string>? Interpreter { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Compile"/>; an empty list removes the stage.</summary>
    public IReadOnlyList<string>? Compile { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Run"/>.</summary>
    public IReadOnlyList<string>? Run { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Env"/>.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Limits"/>.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.CompileLimits"/>.</summary>
    public TaskLimits? CompileLimits { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.CompileTimeout"/>; <c>compile_timeout_sec</c> in the file. Range over 0 to 86,400 s.</summary>
    public TimeSpan? CompileTimeout { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.Warm"/>; <c>none</c>, <c>fork_python</c> or <c>prestart_node</c> in the file.</summary>
    public WarmKind? Warm { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.ReadOnlyPaths"/>.</summary>
    public IReadOnlyList<string>? ReadOnlyPaths { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.VersionArgs"/>.</summary>
    public IReadOnlyList<string>? VersionArgs { get; init; }

    /// <summary>See <see cref="RuntimeDefinition.InstallHint"/>.</summary>
    public string? InstallHint { get; init; }
}
