using System.Globalization;

namespace Executor.Api.Hosting;

/// <summary>How many files this process may have open at once (RLIMIT_NOFILE). A connection is one, and so are the ends of each task's pipes and the store's files.</summary>
internal static class OpenFiles
{
    private const string Line = "Max open files";

    /// <summary>The limit; null: there is none, or this system does not tell.</summary>
    public static int? Limit()
    {
        try
        {
            return Read(File.ReadLines("/proc/self/limits"));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The limit as <c>/proc/PID/limits</c> tells it: the soft one, which .NET has raised to the hard one.</summary>
    public static int? Read(IEnumerable<string> limits) =>
        limits.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is string found
        && int.TryParse(found[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out int soft)
            ? soft
            : null;
}
