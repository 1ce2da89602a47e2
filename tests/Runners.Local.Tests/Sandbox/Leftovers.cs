namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>What tasks of this process could leave on the machine. Others may run tasks at the same time: theirs don't count.</summary>
internal sealed record Leftovers(IReadOnlySet<string> Descendants, IReadOnlySet<string> Mounts, IReadOnlySet<string> Groups)
{
    public static Leftovers Now() => new(
        Descendants: OwnDescendants().ToHashSet(),
        // A container engine beside us mounts these two kinds, and the sandbox neither.
        Mounts: File.ReadLines("/proc/self/mounts").Where(mount => !mount.StartsWith("overlay ", StringComparison.Ordinal) && !mount.StartsWith("nsfs ", StringComparison.Ordinal)).ToHashSet(),
        Groups: AbandonedGroups().ToHashSet());

    /// <summary>Command lines of every process of the machine.</summary>
    public static IEnumerable<string> CommandLines() => HostProcesses.CommandLines();

    /// <summary>The agents that this process started.</summary>
    public static IEnumerable<int> OwnAgents() =>
        HostProcesses.ChildrenOf(Environment.ProcessId).Where(pid => HostProcesses.CommandLine(pid).Contains("executor_agent", StringComparison.Ordinal));

    public void AssertNothingSince(Leftovers before)
    {
        Assert.Equal([], Descendants.Except(before.Descendants));
        Assert.Equal([], Mounts.Except(before.Mounts));
        Assert.Equal([], Groups.Except(before.Groups));
    }

    private static IEnumerable<string> OwnDescendants() =>
        HostProcesses.DescendantsOf(Environment.ProcessId).Select(pid => $"{pid} {HostProcesses.CommandLine(pid)}");

    /// <summary>
    /// Control groups of agents that are dead. Every process of a task lives in its agent's group, and a group can't be removed
    /// while a process is in it: that it is gone proves that they are, wherever they hid.
    /// </summary>
    private static IEnumerable<string> AbandonedGroups() =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", "executor-*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 4 })
            .Where(path => path.Contains(OwnGroup, StringComparison.Ordinal))
            .Where(path => !Directory.Exists($"/proc/{path[(path.LastIndexOf('-') + 1)..]}"));

    /// <summary>How the groups begin that agents of this process make: below its memory group, or below its only one with cgroup v2.</summary>
    private static string OwnGroup => File.ReadLines("/proc/self/cgroup")
        .Select(line => line.Split(':', 3))
        .OrderByDescending(parts => parts[1] == "memory")
        .Select(parts => $"{parts[2].TrimEnd('/')}/executor-")
        .First();
}
