using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Executor.Testing;

/// <summary>The processes of the machine, which is the remote host here.</summary>
public static class HostProcesses
{
    public static IEnumerable<int> All() =>
        from folder in Directory.EnumerateDirectories("/proc")
        let name = Path.GetFileName(folder)
        where int.TryParse(name, out _)
        select int.Parse(name, CultureInfo.InvariantCulture);

    public static string CommandLine(int pid) => Read(pid, "cmdline").Replace('\0', ' ').Trim();

    public static string Name(int pid) => Read(pid, "comm").Trim();

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

    public static void Kill(int pid)
    {
        try
        {
            Process.GetProcessById(pid).Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It has just ended.
        }
    }

    private static int ParentOf(int pid) => Read(pid, "stat") is { Length: > 0 } stat
        ? int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture)
        : 0;

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
