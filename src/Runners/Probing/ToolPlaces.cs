namespace Executor.Runners.Probing;

/// <summary>
/// Where the machine's own tools read what makes them run code, when they are started outside of any sandbox: a home and a folder that any
/// user can write would be as good as the tool itself.
/// </summary>
internal static class ToolPlaces
{
    /// <summary>A home in which nothing can be.</summary>
    public const string NoHome = "/dev/null";

    private static readonly string[] OfConfiguration = ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"];

    /// <summary>An environment, without the homes in it that others can write.</summary>
    public static Dictionary<string, string> In(IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, string> safe = new(environment);
        foreach (string name in OfConfiguration)
        {
            if (safe.TryGetValue(name, out string? folder) && IsOpen(folder, searchedUpwards: false))
            {
                safe.Remove(name);
            }
        }

        if (safe.TryGetValue("HOME", out string? home) && IsOpen(home, searchedUpwards: false))
        {
            safe["HOME"] = NoHome;
        }

        return safe;
    }

    /// <summary>The folder that version managers choose by: this one, or the root, which chooses nothing, where others can write it or one above it.</summary>
    public static string ToChooseBy(string folder) => IsOpen(folder, searchedUpwards: true) ? Path.GetPathRoot(folder)! : folder;

    /// <summary>Whether any user can put something there, or in its place.</summary>
    /// <param name="folder">The folder, which need not be there.</param>
    /// <param name="searchedUpwards">Whether what lies in the folders above counts, too.</param>
    private static bool IsOpen(string folder, bool searchedUpwards)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        if (!Path.IsPathRooted(folder))
        {
            return folder.Length > 0; // wherever that is
        }

        bool counts = true;
        for (string? at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (!Directory.Exists(at))
            {
                continue; // it could be made by whoever can write the one above
            }

            UnixFileMode mode = File.GetUnixFileMode(at);
            if (mode.HasFlag(UnixFileMode.OtherWrite) && (counts || !mode.HasFlag(UnixFileMode.StickyBit)))
            {
                return true;
            }

            counts = searchedUpwards;
        }

        return false;
    }
}
