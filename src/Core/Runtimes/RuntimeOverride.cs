using Executor.Limits;

namespace Executor.Runtimes;

/// <summary>
/// An entry of the configuration's <c>runtimes</c>: what differs from the built-in runtime of that name, or a runtime of its
/// own. Null means "as it was". See <see cref="RuntimeCatalog.TryCreate"/>.
/// </summary>
public sealed record RuntimeOverride
{
    /// <summary>False takes the runtime out of the catalogue.</summary>
    public bool? Enabled { get; init; }

    /// <summary>For a new name: the built-in runtime it starts from (<c>python312: {like: python, interpreter: [/opt/py312/bin/python]}</c>).</summary>
    public string? Like { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Aliases"/>. A new name starts with none.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Extensions"/>. A new name starts with none.</summary>
    public IReadOnlyList<string>? Extensions { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.SourceFile"/>. Default for a new name: <c>main</c> and its first extension.</summary>
    public string? SourceFile { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Interpreter"/>.</summary>
    public IReadOnlyList<string>? Interpreter { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Compile"/>; empty: no compile stage.</summary>
    public IReadOnlyList<string>? Compile { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Run"/>.</summary>
    public IReadOnlyList<string>? Run { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Flags"/>; empty: none.</summary>
    public IReadOnlyList<string>? Flags { get; init; }

    /// <summary>Added to <see cref="RuntimeDefinition.Env"/>, variable by variable.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Over <see cref="RuntimeDefinition.Limits"/>, limit by limit.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>Over <see cref="RuntimeDefinition.CompileLimits"/>, limit by limit.</summary>
    public TaskLimits? CompileLimits { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.CompileTimeout"/>. Over 0.</summary>
    public TimeSpan? CompileTimeout { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.Warm"/>.</summary>
    public WarmKind? Warm { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.ReadOnlyPaths"/>.</summary>
    public IReadOnlyList<string>? ReadOnlyPaths { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.VersionArgs"/>.</summary>
    public IReadOnlyList<string>? VersionArgs { get; init; }

    /// <summary>Replaces <see cref="RuntimeDefinition.InstallHint"/>.</summary>
    public string? InstallHint { get; init; }
}
