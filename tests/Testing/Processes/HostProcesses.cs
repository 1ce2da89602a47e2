using System.Globalization;
using System.Text;

namespace Executor.Testing;

/// <summary>The processes of the machine, as the kernel tells them. Of one that is gone everything is empty.</summary>
public static class HostProcesses
{
    public static IEnumerable<int> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, CultureInfo.InvariantCulture, out _)
        select int.Parse(name, CultureInfo.InvariantCulture);

    /// <summary>The command lines of all of them.</summary>
    public static IEnumerable<string> CommandLines() => All().Select(CommandLine);

    public static string CommandLine(int pid) => string.Join(' ', Arguments(pid));

    /// <summary>The program and its arguments.</summary>
    public static string[] Arguments(int pid) => Read(pid, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public static string Name(int pid) => Read(pid, "comm").Trim();

    /// <summary>The process that started it; 0: none, or it is gone.</summary>
    public static int ParentOf(int pid) => Stat(pid) is [_, string parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0;

    /// <summary>Whether it runs no more: gone, or nobody has asked yet how it ended.</summary>
    public static bool HasEnded(int pid) => Stat(pid) is not [not ("Z" or "X"), ..];

    /// <summary>Whether it was stopped and has not been told to go on.</summary>
    public static bool IsStopped(int pid) => Stat(pid) is ["T", ..];

    /// <summary>What a process started and still runs.</summary>
    public static IEnumerable<int> ChildrenOf(int parent) => All().Where(pid => ParentOf(pid) == parent);

    /// <summary>Every process below one, itself not included.</summary>
    public static IEnumerable<int> DescendantsOf(int root)
    {
        ILookup<int, int> children = All().ToLookup(ParentOf);
        var left = new Queue<int>(children[root]);
        while (left.TryDequeue(out int pid))
        {
            yield return pid;
            foreach (int child in children[pid])
            {
                left.Enqueue(child);
            }
        }
    }

    /// <summary>Command lines of what the agents of one folder run or are: their first environment names it.</summary>
    public static IEnumerable<string> Of(string folder) =>
        from pid in All()
        where Read(pid, "environ").Contains($"EXECUTOR_AGENT_DIR={folder}", StringComparison.Ordinal)
        select $"{pid} {CommandLine(pid)}";

    /// <summary>What the kernel says of it from its state on. The name before may hold spaces.</summary>
    private static string[] Stat(int pid) => Read(pid, "stat") is { Length: > 0 } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];

    private static string Read(int pid, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/{file}"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
