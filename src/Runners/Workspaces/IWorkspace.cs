namespace Executor.Runners.Workspaces;

/// <summary>
/// A working directory and the processes in it, any number at once: they share its files, and each has its own streams, limits and end. Memory
/// and processes are limited for all of them together where the workspace is in a sandbox or container, by the limits of the one that was started
/// when no other ran. Disposing it ends every process left in it, as a kill would, removes every file, and returns only when both are
/// gone. Safe to call from many threads.
/// </summary>
public interface IWorkspace : IAsyncDisposable
{
    /// <summary>The working directory's absolute path as its processes see it.</summary>
    string Directory { get; }

    /// <summary>Writes files; folders are made as needed. The next process finds them; so does one that runs, when this has returned.</summary>
    /// <param name="files">By path relative to the working directory.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a process, beside those that run. Output goes to <see cref="ProcessSpec.Output"/> as it comes; a receiver that is slow slows
    /// down its own process only.
    /// </summary>
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
