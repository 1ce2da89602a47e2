using System.Text;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>What tasks could leave on this machine.</summary>
internal sealed record Leftovers(IReadOnlySet<string> Processes, IReadOnlySet<string> Mounts, IReadOnlySet<string> Groups, IReadOnlySet<string> Folders)
{
    public static Leftovers Now() => new(
        Pids().Select(pid => $"{pid}: {CommandLine(pid)}").Where(line => !line.EndsWith(": ", StringComparison.Ordinal)).ToHashSet(),
        File.ReadAllLines("/proc/self/mounts").ToHashSet(),
        Directory.Exists("/sys/fs/cgroup") ? Find("/sys/fs/cgroup", "executor-*").ToHashSet() : [],
        Directory.GetFileSystemEntries(Path.GetTempPath(), "executor-*").ToHashSet());

    public static IEnumerable<string> CommandLines() => Pids().Select(CommandLine);

    /// <summary>Fails if anything is there that was not there before: our processes are found by what they run.</summary>
    public void AssertNothingSince(Leftovers before)
    {
        Assert.Empty(Processes.Except(before.Processes).Where(line => line.Contains("python", StringComparison.Ordinal) || line.Contains("sleep", StringComparison.Ordinal)));
        Assert.Empty(Mounts.Except(before.Mounts));
        Assert.Empty(Groups.Except(before.Groups));
        Assert.Empty(Folders.Except(before.Folders));
    }

    private static IEnumerable<int> Pids() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture));

    private static string CommandLine(int pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/cmdline")).Replace('\0', ' ').Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Find(string root, string pattern) =>
        Directory.EnumerateDirectories(root, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 4 });
}
