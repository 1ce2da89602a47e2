using Executor.Tasks;

namespace Executor.Runners.Local.Plain;

/// <summary>
/// This machine without isolation, for code that is trusted (<c>use_sandbox: false</c>): a folder of its own, a clean environment,
/// per-process limits where <c>prlimit</c> is there, and the whole tree ended with the task. Works on every operating system.
/// </summary>
public sealed class PlainBackend : IRunnerBackend
{
    /// <inheritdoc/>
    public RunnerKind Kind => RunnerKind.Localhost;

    /// <inheritdoc/>
    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        try
        {
            string folder = request.WorkDir is { } parent
                ? Directory.CreateDirectory(Path.Combine(parent, $"executor-{Guid.NewGuid():N}")).FullName
                : Directory.CreateTempSubdirectory("executor-").FullName;
            return Task.FromResult<IWorkspace>(new PlainWorkspace(folder));
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new RunnerException(TaskErrorTypes.RunnerFailed, $"No working directory can be made in {request.WorkDir ?? Path.GetTempPath()}: {failed.Message}", failed);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
