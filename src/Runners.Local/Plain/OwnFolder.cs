using Executor.Storage;

namespace Executor.Runners.Local.Plain;

/// <summary>
/// This process's folder for working directories. It holds a locked file, which the system unlocks when the process ends, however it
/// ends: whoever makes a folder beside it later removes it then.
/// </summary>
internal sealed class OwnFolder : IDisposable
{
    private const string Prefix = "executor-plain-";
    private const string LockName = ".lock";

    /// <summary>A folder without a lock is one whose process is about to lock it, or was killed just before.</summary>
    private static readonly TimeSpan LockDelay = TimeSpan.FromHours(1);

    private readonly string _path;
    private readonly FileStream _lock;
    private int _made;

    private OwnFolder(string path, FileStream locked) => (_path, _lock) = (path, locked);

    /// <summary>Makes one, and removes those of processes that have ended.</summary>
    /// <param name="parent">Where; it is made where it is not there.</param>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static OwnFolder Create(string parent)
    {
        RemoveAbandoned(OwnerFile.MakeFolder(parent));
        string path = OwnerFile.MakeFolder(Path.Combine(parent, Prefix + Guid.NewGuid().ToString("N")[..12]));
        return new OwnFolder(path, Lock(Path.Combine(path, LockName), FileMode.CreateNew));
    }

    /// <summary>Makes a working directory in it.</summary>
    public string NewWorkingDirectory() =>
        Directory.CreateDirectory(Path.Combine(_path, Interlocked.Increment(ref _made).ToString(System.Globalization.CultureInfo.InvariantCulture))).FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        Remove(_path);
    }

    private static FileStream Lock(string path, FileMode mode) => OwnerFile.Open(path, mode, FileAccess.ReadWrite, FileShare.None);

    private static void RemoveAbandoned(string parent)
    {
        foreach (string path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                string file = Path.Combine(path, LockName);
                if (File.Exists(file))
                {
                    using FileStream free = Lock(file, FileMode.Open);
                }
                else if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) < LockDelay)
                {
                    continue;
                }

                Remove(path);
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException)
            {
                // Its process lives, or it is another user's.
            }
        }
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception kept) when (kept is IOException or UnauthorizedAccessException)
        {
            // Something in it is in use, or not ours: the next process tries again.
        }
    }
}
