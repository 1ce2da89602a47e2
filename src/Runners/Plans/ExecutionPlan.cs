using Executor.Limits;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Plans;

/// <summary>How a task is run in a working directory: the files to lay out and the commands to start there.</summary>
public sealed record ExecutionPlan
{
    /// <summary>The folder of the working directory that is ours: the harness, a compiler's products, the callable's value. No task file may be in it.</summary>
    public const string OwnFolder = ".executor";

    /// <summary>The runtime; null for a command.</summary>
    public RuntimeDefinition? Runtime { get; init; }

    /// <summary>Files to put before anything is started, source and harness included.</summary>
    public required IReadOnlyList<WorkspaceFile> Files { get; init; }

    /// <summary>The compile stage, with <see cref="RuntimeDefinition.CompileTimeout"/>; null where there is none.</summary>
    public PlannedStage? Compile { get; init; }

    /// <summary>The run stage.</summary>
    public required PlannedStage Run { get; init; }

    /// <summary>Whether the run stage may be served by a warm interpreter: see <see cref="ProcessSpec.MayBeWarm"/>.</summary>
    public bool MayBeWarm { get; init; }

    /// <summary>The options, between interpreter and script in <see cref="Run"/>, that a warm interpreter must have been started with.</summary>
    public IReadOnlyList<string> WarmOptions { get; init; } = [];

    /// <summary>
    /// The file, relative to the working directory, in which the run stage leaves the callable's value for
    /// <see cref="CallableOutcome.Parse"/>; null when nothing is called.
    /// </summary>
    public string? ResultFile { get; init; }
}

/// <summary>One command of a plan.</summary>
/// <param name="Argv">Program and arguments; relative paths are relative to the working directory.</param>
/// <param name="Env">The whole environment.</param>
/// <param name="Limits">The limits it was planned for.</param>
public sealed record PlannedStage(IReadOnlyList<string> Argv, IReadOnlyDictionary<string, string> Env, EffectiveLimits Limits);
