namespace Executor.Runners.Workspaces;

/// <summary>
/// A working directory and the processes started in it, one at a time. Disposing it ends every process left in it, removes
/// every file, and returns only when both are gone.
/// </summary>
public interface IWorkspace : IAsyncDisposable
{
    /// <summary>The working directory's absolute path as its processes see it.</summary>
    string Directory { get; }

    /// <summary>Writes files; folders are made as needed.</summary>
    /// <param name="files">By path relative to the working directory.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken);

    /// <summary>Starts a process. Output goes to <see cref="ProcessSpec.Output"/> as it comes.</summary>
    Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken);

    /// <summary>
    /// Reads regular files that match any of the glob patterns. Symbolic links are never followed; what is not a regular file,
    /// or would take the total over <paramref name="maxBytes"/>, is named in <see cref="CollectedFiles.Skipped"/>.
    /// </summary>
    Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken);
}

/// <summary>A file to write.</summary>
public readonly record struct WorkspaceFile(string Path, ReadOnlyMemory<byte> Content, bool Executable = false);

/// <summary>Files read back, and what was left behind and why.</summary>
public sealed record CollectedFiles(
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<string> Skipped);
