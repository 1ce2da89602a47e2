using System.Globalization;

namespace Executor.Engine.Monitoring;

/// <summary>Adds up a process and its descendants as the kernel's <c>/proc</c> tells of them.</summary>
internal static class ProcessTree
{
    // The kernel's unit of CPU time towards programs (USER_HZ), which is 100 a second on every architecture that .NET runs on.
    private const long TicksPerUnit = TimeSpan.TicksPerSecond / 100;

    /// <summary>The sums; null: the process is not to be found.</summary>
    /// <param name="folder">Where <c>/proc</c> is.</param>
    /// <param name="root">The process.</param>
    public static ResourceUsage? Read(string folder, int root)
    {
        Dictionary<int, Entry> entries = [];
        ILookup<int, int> children;
        try
        {
            foreach (string path in Directory.EnumerateDirectories(folder))
            {
                if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                    && ReadEntry(path) is Entry entry)
                {
                    entries[pid] = entry;
                }
            }

            children = entries.ToLookup(entry => entry.Value.Parent, entry => entry.Key);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        if (!entries.TryGetValue(root, out Entry own))
        {
            return null;
        }

        long cpu = own.CpuUnits;
        long pages = 0;
        Stack<int> parents = new([root]);
        while (parents.TryPop(out int parent))
        {
            foreach (int child in children[parent])
            {
                cpu += entries[child].CpuUnits;
                pages += entries[child].Pages;
                parents.Push(child);
            }
        }

        return new ResourceUsage(
            TimeSpan.FromTicks(cpu * TicksPerUnit), own.Pages * Environment.SystemPageSize, pages * Environment.SystemPageSize);
    }

    private static Entry? ReadEntry(string path)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(path, "stat")));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it ended while the others were read
        }
    }

    /// <summary>Fields by the numbers of proc(5); the name, which may hold anything, ends with the last bracket.</summary>
    private static Entry? Parse(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        const int First = 3;
        return fields.Length > 24 - First
            ? new Entry((int)Field(4), Field(14) + Field(15) + Field(16) + Field(17), Field(24))
            : null;

        long Field(int number) => long.TryParse(fields[number - First], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }

    /// <param name="Parent">Its parent.</param>
    /// <param name="CpuUnits">CPU time of its own and of the ended children that it waited for.</param>
    /// <param name="Pages">Resident pages.</param>
    private readonly record struct Entry(int Parent, long CpuUnits, long Pages);
}
