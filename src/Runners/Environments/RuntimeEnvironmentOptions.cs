namespace Executor.Runners.Environments;

/// <summary>Where runtime environments are kept, and how many.</summary>
public sealed record RuntimeEnvironmentOptions
{
    /// <summary>
    /// The folder they are in, made as needed; several processes may share it. Default: <c>executor/environments</c> in
    /// <c>$XDG_CACHE_HOME</c>, else in <c>~/.cache</c>.
    /// </summary>
    public string Folder { get; init; } = Path.Join(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
            ? cache
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "executor",
        "environments");

    /// <summary>Environments kept; above it those unused for longest go, but none that a task uses. Range over 0. Default 64.</summary>
    public int MaxCount { get; init; } = 64;

    /// <summary>Size of all together, in MiB, above which those unused for longest go. Range over 0. Default 10,240.</summary>
    public int MaxSizeMb { get; init; } = 10_240;

    /// <summary>How long installing may take. Default 15 min.</summary>
    public TimeSpan InstallTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a failure answers for further tasks that ask for the same. Default 30 s.</summary>
    public TimeSpan FailureMemory { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The installer's environment, pip's own variables (<c>PIP_INDEX_URL</c>, …) and proxies among it; null: this process's.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
