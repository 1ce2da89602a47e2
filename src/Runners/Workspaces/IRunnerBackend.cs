using Executor.Executors;
using Executor.Limits;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Workspaces;

/// <summary>
/// What differs between this machine, Docker and SSH: a place with a working directory where processes can be started.
/// Everything above it (stages, timeouts, output caps, results, artifacts) is <see cref="TaskRunner"/>'s and written once.
/// </summary>
public interface IRunnerBackend : IAsyncDisposable
{
    /// <summary>The kind of runner.</summary>
    RunnerKind Kind { get; }

    /// <summary>What it can do.</summary>
    RunnerCapabilities Capabilities { get; }

    /// <summary>Makes a fresh, empty working directory, isolated from every other one.</summary>
    /// <exception cref="RunnerException">Our own machinery failed.</exception>
    Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken);
}

/// <summary>What a workspace must offer.</summary>
/// <param name="Limits">The run stage's limits; <see cref="EffectiveLimits.DiskMb"/> and <see cref="EffectiveLimits.Network"/> hold for the whole workspace.</param>
/// <param name="Interpreter">The resolved interpreter, by which a warm one is chosen; null for a bare command.</param>
/// <param name="Warm">How that interpreter may be warmed.</param>
/// <param name="Env">The run stage's environment: a warm interpreter must have been started with what it reads of it.</param>
/// <param name="ReadOnlyPaths">Further folders the processes must be able to read.</param>
/// <param name="Environment">
/// A virtual environment that the interpreter is to be in when it runs the task; null: none. What is in it is as little trusted as the task:
/// only sandboxed processes may start from it.
/// </param>
/// <param name="CodeExecutor">The code executor that the task runs with, for a backend that serves several; null: one that serves only one.</param>
/// <param name="Sandboxed">Whether the task asks for a sandbox, for a backend that serves both kinds of task.</param>
/// <param name="WarmOptions">The options that a warm interpreter must have been started with; null: none.</param>
public sealed record WorkspaceRequest(
    EffectiveLimits Limits,
    string? Interpreter,
    WarmKind Warm,
    IReadOnlyDictionary<string, string> Env,
    IReadOnlyList<string> ReadOnlyPaths,
    string? Environment = null,
    CodeExecutorOptions? CodeExecutor = null,
    bool Sandboxed = true,
    IReadOnlyList<string>? WarmOptions = null);
