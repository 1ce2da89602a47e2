namespace Executor.Runners.Agent;

/// <summary>What an agent is told when it starts.</summary>
public sealed record AgentOptions
{
    /// <summary>Whether it is the only program of a container, which is the sandbox then: it makes none, serves one task and ends. Default false.</summary>
    public bool InContainer { get; init; }

    /// <summary>Which container of this process it is in, so that those that may not use all cores don't all use the same. Default 0.</summary>
    public int Turn { get; init; }

    /// <summary>Whether its tasks share the host's network. Default false.</summary>
    public bool Network { get; init; }

    /// <summary>Size of the disk it prepares ahead, in MiB; a task that asks for another costs a rebuild.</summary>
    public required int DiskMb { get; init; }

    /// <summary>Folders beyond the system's own that its tasks may read.</summary>
    public IReadOnlyList<string> ReadOnlyPaths { get; init; } = [];

    /// <summary>Python modules to import once it is idle, so that tasks find them loaded.</summary>
    public IReadOnlyList<string> Preload { get; init; } = [];

    /// <summary>
    /// The virtual environment that its tasks are in, which only they enter: the agent's own interpreter must have been started without any
    /// packages (<c>-S</c>). Default none.
    /// </summary>
    public string? Environment { get; init; }

    /// <summary>Instead of a forked Python, a program started ahead that reads what to run from file descriptor 3.</summary>
    public IReadOnlyList<string>? Prestart { get; init; }

    /// <summary>Environment of <see cref="Prestart"/>.</summary>
    public IReadOnlyDictionary<string, string> PrestartEnv { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Instead of a sandbox, a folder in which its tasks' folders are made: they are processes of the host, with limits, ended as a whole. Null: a sandbox.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>
    /// How long nothing may be heard from us before it takes us for gone and ends, whole seconds; null: as long as its input is open.
    /// </summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>Files to place in the root its tasks see, by absolute path.</summary>
    public IReadOnlyDictionary<string, string> ExtraFiles { get; init; } = new Dictionary<string, string>();
}
