using Executor.Executors;
using Executor.Tasks;

namespace Executor.Runners.Local.Options;

/// <summary>This machine: an entry of <c>code_executors.local</c>.</summary>
public sealed record LocalCodeExecutorOptions : CodeExecutorOptions
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Localhost;

    /// <summary>Folder in which the working directories of tasks without a sandbox are made; null: the system's temporary folder. In the sandbox they are in memory.</summary>
    public string? WorkDir { get; init; }

    /// <inheritdoc/>
    public override StoredCodeExecutor Stored => new(
        "local", [("executor_path", CodeExecutorPath), ("timeout_sec", Timeout.TotalSeconds), ("work_dir", WorkDir)]);

    /// <summary>What is used when the configuration names none.</summary>
    public static LocalCodeExecutorOptions Default { get; } = new() { Name = "local_default", IsBuiltIn = true };
}
