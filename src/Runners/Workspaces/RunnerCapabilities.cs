namespace Executor.Runners.Workspaces;

/// <summary>What a runner can do, for those who must not ask which one it is.</summary>
public sealed record RunnerCapabilities
{
    /// <summary>
    /// Whether tasks run elsewhere than on this machine: packages that are installed here aren't there, this machine's interpreters neither, and
    /// it may not answer. Default false.
    /// </summary>
    public bool IsElsewhere { get; init; }

    /// <summary>
    /// Whether the backend runs tasks that ask for no sandbox, too. A container or another host is its own isolation and makes no difference.
    /// Default false.
    /// </summary>
    public bool ServesUnsandboxed { get; init; }
}
