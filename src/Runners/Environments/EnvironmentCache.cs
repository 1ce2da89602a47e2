using System.Globalization;
using Executor.Storage;

namespace Executor.Runners.Environments;

/// <summary>
/// The environments on disk. A key's folder holds its locks, the folders of its builds, and once one is complete a file <c>ready</c> that
/// names it: without that name a build is as if it were not there. Several processes of one user may use one cache.
/// </summary>
internal sealed class EnvironmentCache(RuntimeEnvironmentOptions options, TimeProvider time)
{
    private const string InstallLock = "install.lock";
    private const string UseLock = "use.lock";
    private const string Ready = "ready";
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>The environment of a key, to be used until the lease is disposed of; null: it is not there.</summary>
    public EnvironmentLease? TryRent(string key)
    {
        string folder = Path.Join(options.Folder, key);
        if (!File.Exists(Path.Join(folder, Ready)))
        {
            return null;
        }

        // First the lock, then the look: what is seen under the lock stays.
        FileStream? use = TryLock(Path.Join(folder, UseLock), FileShare.ReadWrite);
        if (use is not null && ReadReady(folder) is { } ready)
        {
            Touch(Path.Join(folder, Ready));
            return new EnvironmentLease(ready.Build, use);
        }

        use?.Dispose();
        return null;
    }

    /// <summary>Waits until nobody, in whatever process, installs this key.</summary>
    public async Task<FileStream> LockAsync(string key, CancellationToken cancellationToken)
    {
        string folder = OwnerFile.MakeFolder(Path.Join(options.Folder, key));
        while (true)
        {
            if (TryLock(Path.Join(folder, InstallLock), FileShare.None) is FileStream held)
            {
                return held;
            }

            await Task.Delay(LockPoll, time, cancellationToken);
        }
    }

    /// <summary>A new, empty place for a build of a key that is locked; what earlier ones left half done is removed.</summary>
    public string NewBuild(string key)
    {
        string folder = Path.Join(options.Folder, key);
        foreach (string left in Directory.GetDirectories(folder))
        {
            Delete(left);
        }

        return OwnerFile.MakeFolder(Path.Join(folder, Convert.ToHexStringLower(Guid.NewGuid().ToByteArray().AsSpan(0, 4))));
    }

    /// <summary>Makes a complete build the key's environment.</summary>
    public void Publish(string key, string build, long size)
    {
        string ready = Path.Join(options.Folder, key, Ready);
        string draft = ready + ".new";
        using (StreamWriter writer = new(OwnerFile.Open(draft, FileMode.Create, FileAccess.Write, FileShare.None)))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(build)}\n{size}\n"));
        }

        File.Move(draft, ready, overwrite: true);
    }

    /// <summary>
    /// Removes the environments unused for longest while there are too many or they are too large, and what was never completed. What is
    /// in use stays.
    /// </summary>
    /// <param name="newest">The key whose environment is about to be used.</param>
    public void Evict(string newest)
    {
        (string Folder, ReadyMark? Ready)[] all = [.. Directory.GetDirectories(options.Folder).Select(folder => (folder, ReadReady(folder)))];
        DateTime abandoned = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach ((string folder, _) in all.Where(entry => entry.Ready is null && Directory.GetLastWriteTimeUtc(entry.Folder) < abandoned))
        {
            if (TryRemove(folder))
            {
                Delete(folder);
            }
        }

        var kept = all.Where(entry => entry.Ready is not null)
            .Select(entry => (entry.Folder, entry.Ready!.Size, Used: File.GetLastWriteTimeUtc(Path.Join(entry.Folder, Ready))))
            .OrderBy(entry => entry.Used)
            .ToArray();
        int count = kept.Length;
        long size = kept.Sum(entry => entry.Size);
        foreach (var entry in kept.Where(entry => Path.GetFileName(entry.Folder) != newest))
        {
            if (count <= options.MaxCount && size <= (long)options.MaxSizeMb << 20)
            {
                return;
            }

            if (TryRemove(entry.Folder))
            {
                count--;
                size -= entry.Size;
            }
        }
    }

    /// <summary>Deletes a folder as far as it can be deleted.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Something still writes into it (an installer whose server was killed): the next build or eviction finds it again.
        }
    }

    private static bool TryRemove(string folder)
    {
        using FileStream? install = TryLock(Path.Join(folder, InstallLock), FileShare.None);
        using FileStream? use = install is null ? null : TryLock(Path.Join(folder, UseLock), FileShare.None);
        if (use is null)
        {
            return false;
        }

        File.Delete(Path.Join(folder, Ready)); // from here on it isn't there, however far the rest gets
        foreach (string build in Directory.GetDirectories(folder))
        {
            Delete(build);
        }

        return true;
    }

    private static ReadyMark? ReadReady(string folder)
    {
        try
        {
            return File.ReadAllLines(Path.Join(folder, Ready)) is [string name, string size, ..]
                && long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                && Directory.Exists(Path.Join(folder, name))
                ? new ReadyMark(Path.Join(folder, name), bytes)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Touch(string ready)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (now - File.GetLastWriteTimeUtc(ready) > TouchInterval)
        {
            File.SetLastWriteTimeUtc(ready, now);
        }
    }

    /// <summary>A lock that the system takes back when the process dies; null: somebody else has it.</summary>
    private static FileStream? TryLock(string path, FileShare share)
    {
        try
        {
            return OwnerFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private sealed record ReadyMark(string Build, long Size);
}
