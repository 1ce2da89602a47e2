using Executor.Tasks;

namespace Executor.Configuration;

/// <summary>This machine: an entry of <c>code_executors.local</c>.</summary>
public sealed record LocalCodeExecutorOptions : CodeExecutorOptions
{
    /// <inheritdoc/>
    public override RunnerKind Kind => RunnerKind.Localhost;

    /// <summary>Folder in which tasks' working directories are made; null: the runner's own choice.</summary>
    public string? WorkDir { get; init; }

    /// <summary>What is used when the configuration names none.</summary>
    public static LocalCodeExecutorOptions Default { get; } = new() { Name = "local_default" };
}
