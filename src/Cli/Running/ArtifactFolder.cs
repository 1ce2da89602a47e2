using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>Writes a task's artifacts to a folder of the caller's.</summary>
internal static class ArtifactFolder
{
    /// <exception cref="IOException">A file can't be written, or its path leaves the folder.</exception>
    public static void Write(string folder, IReadOnlyDictionary<string, TaskFile> artifacts)
    {
        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        foreach ((string path, TaskFile file) in artifacts)
        {
            string target = Path.GetFullPath(Path.Combine(root, path));
            if (!target.StartsWith(root, StringComparison.Ordinal))
            {
                throw new IOException($"artifact {path}: its path leads out of {folder}");
            }

            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllBytes(target, file.ToBytes());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"artifact {path}: can't be written to {folder}: {exception.Message}");
            }
        }
    }
}
