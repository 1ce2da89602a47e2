namespace Executor.Hosting.Serving;

/// <summary>The server's data folder, held for as long as this lives: two servers on one folder would run each other's tasks.</summary>
public sealed class DataFolder : IDisposable
{
    private const string LockName = "server.lock";

    private readonly HeldFile _lock;

    private DataFolder(string path, HeldFile held) => (Path, _lock) = (path, held);

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Makes it where it is missing, for this user alone, and holds it.</summary>
    /// <exception cref="UsageException">It can't be made or written, or another server holds it.</exception>
    public static DataFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        return new DataFolder(path, HeldFile.Open(System.IO.Path.Combine(path, LockName), "--data", path, "name another folder"));
    }

    public void Dispose() => _lock.Dispose();
}
