using Executor.Executors;
using Executor.Runners.Environments;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Microsoft.Extensions.Logging;

namespace Executor.Runners.Modules;

/// <summary>What a host has for one of its runners.</summary>
public sealed class RunnerContext
{
    /// <summary>The runner's code executors: those of the configuration, then those that are always there.</summary>
    public required IReadOnlyList<CodeExecutorOptions> CodeExecutors { get; init; }

    /// <summary>How sandboxes are built.</summary>
    public required SandboxOptions Sandbox { get; init; }

    /// <summary>The languages.</summary>
    public required RuntimeCatalog Runtimes { get; init; }

    /// <summary>Installs packages on this machine.</summary>
    public required RuntimeEnvironments Environments { get; init; }

    /// <summary>Makes loggers.</summary>
    public required ILoggerFactory Logging { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The backend that the runner's module makes, the host's only one of the kind: made when it is first asked for, and not the caller's to dispose of.</summary>
    public required Func<IRunnerBackend> Backend { get; init; }
}
