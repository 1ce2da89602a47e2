using System.Globalization;

namespace Executor.Testing;

/// <summary>
/// A system's clock that a test sets, for programs that it starts with <see cref="Variables"/>: libfaketime stands between them and the C library. What they measure
/// durations and set timers by is left alone, as it is when a real clock is set.
/// </summary>
public sealed class FakedClock
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    private readonly string _file;

    /// <param name="folder">Where it keeps a file.</param>
    public FakedClock(string folder)
    {
        _file = Path.Combine(folder, $"clock-{Guid.NewGuid():N}");
        Set(TimeSpan.Zero);
    }

    /// <summary>Why there can be none; null: there can.</summary>
    public static string? WhyNot => Library is null ? "libfaketime is not on this machine (apt-get install faketime)" : null;

    /// <summary>What a program is started with that is to have it, and those that it starts.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        // Seconds after which its file is read again; at each look at the clock, programs would do little else.
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>Sets it, for the programs that run, too: within a second.</summary>
    /// <param name="ahead">How far it is ahead of the machine's; negative: behind.</param>
    public void Set(TimeSpan ahead)
    {
        string draft = _file + ".new";
        File.WriteAllText(draft, ahead.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture));
        File.Move(draft, _file, overwrite: true);
    }
}
