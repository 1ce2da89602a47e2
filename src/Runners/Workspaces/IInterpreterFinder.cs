using Executor.Executors;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Workspaces;

/// <summary>What a backend is besides when its tasks don't find this machine's interpreters: those of an image, or of another host.</summary>
public interface IInterpreterFinder
{
    /// <summary>Finds a runtime where the code executor's tasks run. What isn't there is told by <see cref="ProbeResult.Problem"/>.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="interpreter">The interpreter to use in place of the runtime's own: a path, or a name looked for on PATH; null: the runtime's own.</param>
    /// <param name="executor">The code executor.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="RunnerException">It could not be looked for.</exception>
    Task<ProbeResult> FindAsync(RuntimeDefinition runtime, string? interpreter, CodeExecutorOptions executor, CancellationToken cancellationToken);
}
