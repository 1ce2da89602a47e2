namespace Executor.Runners.Probing;

/// <summary>Which folders every sandbox shows, and which further ones are fit to be shown.</summary>
internal static class SystemFolders
{
    private static readonly string[] Shown = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    /// <summary>Prefixes whose packages read one another's files: they are shown whole.</summary>
    private static readonly string[] Stores = ["/nix/store", "/gnu/store", "/home/linuxbrew/.linuxbrew"];

    /// <summary>Whether every sandbox shows this path anyway.</summary>
    public static bool Contains(string path) => Shown.Any(folder => IsWithin(path, folder));

    /// <summary>The folders to show so that a program with this prefix runs, without showing somebody's home or the whole machine.</summary>
    public static IEnumerable<string> ForPrefix(string prefix) =>
        Stores.FirstOrDefault(store => IsWithin(prefix, store)) is string store ? [store]
        : IsPrivate(prefix) ? [Path.Join(prefix, "bin"), Path.Join(prefix, "lib")]
        : [prefix];

    /// <summary>The folders to show so that this binary runs.</summary>
    public static IEnumerable<string> ForBinary(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        return Path.GetFileName(folder) == "bin" ? ForPrefix(Path.GetDirectoryName(folder)!) : [folder];
    }

    /// <summary>What of these isn't shown anyway: existing folders, none inside another, in order.</summary>
    public static IReadOnlyList<string> Outside(IEnumerable<string> folders)
    {
        var kept = new List<string>();
        foreach (string folder in folders.Where(folder => !Contains(folder) && Path.Exists(folder)).Order(StringComparer.Ordinal))
        {
            if (!kept.Exists(outer => IsWithin(folder, outer)))
            {
                kept.Add(folder);
            }
        }

        return kept;
    }

    /// <summary>Roots, homes and the like hold more than a toolchain.</summary>
    private static bool IsPrivate(string folder) =>
        folder.Count(letter => letter == '/') < 2
        || Path.GetDirectoryName(folder) is "/home" or "/Users"
        || Path.GetFileName(folder) == ".local"
        || folder == Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
}
