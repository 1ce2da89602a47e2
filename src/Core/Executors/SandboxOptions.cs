namespace Executor.Executors;

/// <summary>The local sandbox: <c>sandbox</c>.</summary>
public sealed record SandboxOptions
{
    /// <summary>The Python 3.8 or newer that builds the sandbox for programs that aren't Python; null: <c>/usr/bin/python3</c>, else the first on PATH.</summary>
    public string? Python { get; init; }

    /// <summary>Absolute paths of further folders that sandboxed tasks can read. Default none.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Modules that warm Pythons import once they are idle, so that tasks find them loaded. Default: what small programs usually import.</summary>
    public IReadOnlyList<string> Preload { get; init; } = DefaultPreload;

    /// <summary>Idle warm interpreters kept of each runtime environment. Range 1 to 256. Default 8.</summary>
    public int AgentsMax { get; init; } = 8;

    /// <summary>The modules imported when the configuration names none.</summary>
    public static IReadOnlyList<string> DefaultPreload { get; } =
    [
        "collections", "copy", "datetime", "functools", "heapq", "bisect", "itertools", "json", "math", "operator",
        "random", "re", "string", "typing", "hashlib", "dataclasses", "enum", "threading", "traceback", "linecache",
    ];
}
