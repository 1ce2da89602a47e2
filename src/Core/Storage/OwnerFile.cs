namespace Executor.Storage;

/// <summary>Makes files and folders that nobody but their owner can read or write, whatever the umask. On Windows they have what their folder gives them.</summary>
public static class OwnerFile
{
    private const UnixFileMode FileOfOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderOfOwner = FileOfOwner | UnixFileMode.UserExecute;

    /// <summary>Makes a folder (0700), and those on the way to it; one that is there already keeps what its owner chose.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="IOException">It can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static string MakeFolder(string path)
    {
        path = Path.GetFullPath(path);
        if (OperatingSystem.IsWindows() || Directory.Exists(path))
        {
            return Directory.CreateDirectory(path).FullName;
        }

        if (Path.GetDirectoryName(path) is string parent)
        {
            MakeFolder(parent); // the system would give those on the way what the umask says
        }

        return Directory.CreateDirectory(path, FolderOfOwner).FullName;
    }

    /// <summary>Opens a file; one that is made by this has the mode 0600, one that is there already keeps its own.</summary>
    /// <inheritdoc cref="MakeFolder" path="/exception"/>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share };
        if (!OperatingSystem.IsWindows() && mode is not (FileMode.Open or FileMode.Truncate))
        {
            options.UnixCreateMode = FileOfOwner;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes a file that others made, or another program for us, its owner's alone.</summary>
    /// <inheritdoc cref="MakeFolder" path="/exception"/>
    public static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, FileOfOwner);
        }
    }
}
