namespace Executor.Runners.Ssh.KnownHosts;

/// <summary>A known_hosts file.</summary>
internal static class KnownHostsFile
{
    private static readonly Lock Writing = new();

    /// <summary>The user's own file.</summary>
    public static string Default => Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh", "known_hosts");

    /// <summary>The host's file for all users, which OpenSSH reads beside the user's own.</summary>
    public static string Machine => "/etc/ssh/ssh_known_hosts";

    /// <summary>What is known of a host; empty when there is no file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The host's <see cref="KnownHost.NameOf"/>.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static IReadOnlyList<KnownHost> Find(string path, string name)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        int number = 0;
        return [.. from line in File.ReadAllLines(path)
                   let known = KnownHost.Parse(path, ++number, line)
                   where known is not null && known.Marker != "@cert-authority" && known.IsOf(name)
                   select known];
    }

    /// <summary>Adds a line: readers see the file with it or without it, never half of it.</summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static void Add(string path, string line)
    {
        lock (Writing)
        {
            // Whoever keeps it elsewhere and links to it wants the link to stay.
            path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            if (!Directory.Exists(folder))
            {
                CreateFolder(folder);
            }

            string text = File.Exists(path) ? File.ReadAllText(path) : "";
            string separator = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
            string temporary = $"{path}.{Guid.NewGuid():N}";
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            try
            {
                using (var file = new FileStream(temporary, options))
                {
                    file.Write(System.Text.Encoding.UTF8.GetBytes($"{text}{separator}{line}\n"));
                    file.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
