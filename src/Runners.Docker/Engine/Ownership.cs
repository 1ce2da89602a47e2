using System.Globalization;
using Docker.DotNet.Models;

namespace Executor.Runners.Docker.Engine;

/// <summary>
/// Whose a container is: written on it as labels, and read to tell those of dead processes from those of live ones. A process is
/// known by its host, that host's boot, its number and when it started; a number alone is used again.
/// </summary>
internal static class Ownership
{
    /// <summary>The label that every container and volume of ours has: the host of its owner.</summary>
    public const string HostLabel = "executor.host";

    private const string BootLabel = "executor.boot";
    private const string SpaceLabel = "executor.pid_namespace";
    private const string ProcessLabel = "executor.pid";
    private const string StartLabel = "executor.started";

    private static readonly string Host = $"{Environment.MachineName}/{ReadOrEmpty("/etc/machine-id")}";
    private static readonly string Boot = ReadOrEmpty("/proc/sys/kernel/random/boot_id");
    private static readonly string Space = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? "" : "";

    /// <summary>This process's labels.</summary>
    public static IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>
    {
        [HostLabel] = Host,
        [BootLabel] = Boot,
        [SpaceLabel] = Space,
        [ProcessLabel] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        [StartLabel] = StartOf(Environment.ProcessId) ?? "",
    };

    /// <summary>Chooses what has an owner that is surely dead. What belongs to another host, or can't be told, is left alone.</summary>
    public static bool IsOrphan(IDictionary<string, string>? labels)
    {
        string Value(string name) => labels is not null && labels.TryGetValue(name, out string? value) ? value : "";
        if (Value(HostLabel) != Host)
        {
            return false;
        }

        if (Value(BootLabel) != Boot)
        {
            return true;
        }

        return Value(SpaceLabel) == Space
            && int.TryParse(Value(ProcessLabel), CultureInfo.InvariantCulture, out int pid)
            && StartOf(pid) != Value(StartLabel);
    }

    /// <summary>All containers and volumes of ours, whoever's.</summary>
    public static IDictionary<string, IDictionary<string, bool>> Filter { get; } =
        new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [HostLabel] = true } };

    /// <summary>When a process started, in whatever measure the system gives it; null: there is none of that number.</summary>
    private static string? StartOf(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            string stat = ReadOrEmpty($"/proc/{pid}/stat");
            // The 22nd field; the second may hold blanks and ends with the last bracket.
            return stat.Length == 0 ? null : stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }

        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
