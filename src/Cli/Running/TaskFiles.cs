using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Cli.Running;

/// <summary>The caller's files that become a task's, by their path in its working directory.</summary>
internal sealed class TaskFiles
{
    private readonly Dictionary<string, TaskFile> _files = [];

    public int Count => _files.Count;

    public IReadOnlyDictionary<string, TaskFile> All => _files;

    /// <summary>Reads a file of the caller's.</summary>
    /// <exception cref="UsageException">It can't be read; the message names it.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            return Directory.Exists(path) ? throw new UsageException($"{path}: is a folder, not a file") : File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UsageException($"{path}: no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new UsageException($"{path}: can't be read: {exception.Message}");
        }
    }

    /// <summary>Adds <c>PATH</c> or <c>PATH=DEST</c>. Without DEST a relative path below the current folder is kept, of any other the file name.</summary>
    public void Add(string file)
    {
        (string path, string? destination) = (file, null);
        if (file.LastIndexOf('=') is int equals and > 0 && !File.Exists(file))
        {
            (path, destination) = (file[..equals], file[(equals + 1)..]);
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"--file {path}: is a folder; --working-dir takes a folder with all that is in it");
        }

        _files[destination ?? PlaceOf(path)] = TaskFile.FromBytes(Read(path));
    }

    /// <summary>Adds every regular file under a folder. Links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxMb">What the task may keep on its disk, in MiB: more is refused before it is read.</param>
    public void AddFolder(string folder, int maxMb)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"working_dir: {folder}: {(File.Exists(folder) ? "is a file, not a folder" : "no such folder")}");
        }

        List<FileInfo> found = [.. new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.Device,
            IgnoreInaccessible = false,
        })];
        long bytes = found.Sum(file => file.Length);
        if (bytes > (long)maxMb << 20)
        {
            throw new UsageException($"working_dir: {folder}: its {found.Count} files have {bytes >> 20} MiB, more than the task's disk limit of {maxMb} MiB");
        }

        foreach (FileInfo file in found)
        {
            _files[Relative(folder, file.FullName)] = TaskFile.FromBytes(Read(file.FullName));
        }
    }

    /// <summary>Adds the script and gives its path in the working directory: its own there if it is part of that folder, else its file name.</summary>
    /// <param name="script">The path as it was given.</param>
    /// <param name="folder">The folder it is relative to.</param>
    /// <param name="workingDir">The folder that was added, in which it may be as well; null: none was.</param>
    public string AddScript(string script, string folder, string? workingDir)
    {
        string path = Path.Combine(folder, script);
        if (workingDir is not null)
        {
            path = File.Exists(path) ? path : Path.Combine(workingDir, script);
            string below = Relative(workingDir, path);
            if (_files.ContainsKey(below))
            {
                return below;
            }
        }

        string name = Path.GetFileName(path);
        _files[name] = TaskFile.FromBytes(Read(path));
        return name;
    }

    private static string PlaceOf(string path)
    {
        string relative = Relative(".", path);
        return Path.IsPathRooted(path) || relative.StartsWith("../", StringComparison.Ordinal) ? Path.GetFileName(path) : relative;
    }

    private static string Relative(string folder, string path) =>
        Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}
