using Executor.Limits;

namespace Executor.Runners.Local.Sandbox;

/// <summary>What every sandbox of a backend shares.</summary>
public sealed record SandboxOptions
{
    /// <summary>The Python 3.8 or newer that runs agents for programs that aren't Python; null: <c>/usr/bin/python3</c>, else the first on PATH.</summary>
    public string? Python { get; init; }

    /// <summary>Folders every task may read beyond the system's own. Default none.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Python modules that warm interpreters import once they are idle. Default: what small programs usually import.</summary>
    public IReadOnlyList<string> Preload { get; init; } = DefaultPreload;

    /// <summary>Idle agents kept of each kind. Default: twice the cores, at least 4.</summary>
    public int MaxIdleAgents { get; init; } = int.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>Disk size, in MiB, of the sandboxes prepared ahead: the limit most tasks run with.</summary>
    public int PreparedDiskMb { get; init; } = TaskLimits.Default.DiskMb!.Value;

    /// <summary>The modules imported when the configuration names none.</summary>
    public static IReadOnlyList<string> DefaultPreload { get; } =
    [
        "collections", "copy", "datetime", "functools", "heapq", "bisect", "itertools", "json", "math", "operator",
        "random", "re", "string", "typing", "hashlib", "dataclasses", "enum", "threading", "traceback", "linecache",
    ];
}
