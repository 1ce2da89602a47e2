namespace Executor.Configuration;

/// <summary>The local sandbox: <c>sandbox</c>.</summary>
public sealed record SandboxOptions
{
    /// <summary>Absolute paths of further folders that sandboxed tasks can read. Default none.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Modules a warm Python imports before the first task; null: the usual ones of the standard library.</summary>
    public IReadOnlyList<string>? Preload { get; init; }

    /// <summary>Warm interpreters kept at once, one per runtime environment. Range 1 to 256. Default 8.</summary>
    public int AgentsMax { get; init; } = 8;
}
