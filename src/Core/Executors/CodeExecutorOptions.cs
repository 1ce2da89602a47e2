using Executor.Limits;
using Executor.Tasks;

namespace Executor.Executors;

/// <summary>A named runner configuration: an entry of <c>code_executors</c> in <c>config.yaml</c>. Each runner has its own kind of them.</summary>
public abstract record CodeExecutorOptions
{
    /// <summary>Its name: the <c>executor</c> of tasks and the <c>config_id</c> of results. One name means one entry, whatever its kind.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of runner.</summary>
    public abstract RunnerKind Kind { get; }

    /// <summary>Whether it is there without being configured. Default false.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>The Python interpreter; null: the runtime's own.</summary>
    public string? CodeExecutorPath { get; init; }

    /// <summary>Wall-clock timeout of tasks that bring none; <c>timeout_sec</c> in the file. Range over 0 to 86,400 s. Default 300 s; Docker 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Limits of tasks that bring none.</summary>
    public TaskLimits? Limits { get; init; }

    /// <summary>What stores keep of it with each result.</summary>
    public abstract StoredCodeExecutor Stored { get; }
}
