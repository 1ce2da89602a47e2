namespace Executor.Cli.Serving;

/// <summary>The server's data folder, held for as long as this lives: two servers on one folder would run each other's tasks.</summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "server.lock";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes it where it is missing, and holds it.</summary>
    /// <exception cref="UsageException">It can't be made or written, or another server holds it.</exception>
    public static DataFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--data: {path} can't be made: {failed.Message}");
        }

        string file = System.IO.Path.Combine(path, LockName);
        try
        {
            // The kernel lets go of the lock however the process ends.
            return new DataFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"--data: {path} can't be written by this user");
        }
        catch (IOException)
        {
            throw new UsageException($"--data: another server uses {path}; stop it, or name another folder");
        }
    }

    public void Dispose() => _lock.Dispose();
}
