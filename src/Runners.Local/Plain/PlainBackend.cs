using System.Collections.Concurrent;
using Executor.Runners.Local.Options;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local.Plain;

/// <summary>
/// This machine without isolation, for code that is trusted (<c>use_sandbox: false</c>): a folder of its own, a clean environment,
/// per-process limits where <c>prlimit</c> is there, and the whole tree ended with the task. Works on every operating system.
/// </summary>
public sealed class PlainBackend : IRunnerBackend
{
    private readonly ConcurrentDictionary<string, Lazy<OwnFolder>> _folders = new();

    /// <inheritdoc/>
    public RunnerKind Kind => RunnerKind.Localhost;

    /// <inheritdoc/>
    public RunnerCapabilities Capabilities { get; } = new() { ServesUnsandboxed = true };

    /// <inheritdoc/>
    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        string parent = (request.CodeExecutor as LocalCodeExecutorOptions)?.WorkDir ?? Path.GetTempPath();
        try
        {
            OwnFolder folder = _folders.GetOrAdd(parent, static parent => new(() => OwnFolder.Create(parent), LazyThreadSafetyMode.PublicationOnly)).Value;
            return Task.FromResult<IWorkspace>(new PlainWorkspace(folder.NewWorkingDirectory()));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunnerException(TaskErrorTypes.RunnerFailed, $"No working directory can be made in {parent}: {failed.Message}", failed);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (Lazy<OwnFolder> folder in _folders.Values.Where(folder => folder.IsValueCreated))
        {
            folder.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
