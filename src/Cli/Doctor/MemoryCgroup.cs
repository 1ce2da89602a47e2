using System.Runtime.InteropServices;
using Executor.Runners.Modules;

namespace Executor.Cli.Doctor;

/// <summary>Whether the kernel can count and limit the memory of tasks here.</summary>
internal static partial class MemoryCgroup
{
    private const string Mount = "/sys/fs/cgroup";
    private const int WriteAccess = 2;

    public static Finding Check()
    {
        const string watched = "memory limits are watched by Executor, not enforced by the kernel";
        return Find() switch
        {
            null => new Finding("cgroups", FindingStatus.Warning, $"no memory cgroup is mounted: {watched}"),
            string folder when Environment.IsPrivilegedProcess && Access(folder, WriteAccess) == 0 =>
                new Finding("cgroups", FindingStatus.Ok, $"{folder} can be written: the kernel enforces memory limits"),
            string folder => new Finding("cgroups", FindingStatus.Warning, $"{folder} can't be written: {watched}", "run as root, with a writable cgroup tree"),
        };
    }

    /// <summary>The folder of our own memory cgroup; null: there is none.</summary>
    private static string? Find()
    {
        foreach (string line in File.Exists("/proc/self/cgroup") ? File.ReadLines("/proc/self/cgroup") : [])
        {
            // "5:memory:/a/b" (version 1) or "0::/a/b" (version 2).
            if (line.Split(':', 3) is [_, string controllers, string path]
                && (controllers.Length == 0 ? File.Exists($"{Mount}/cgroup.controllers") : controllers.Split(',').Contains("memory")))
            {
                string root = controllers.Length == 0 ? Mount : $"{Mount}/memory";
                string own = root + path.TrimEnd('/');
                // In a container the path may be the host's: its own cgroup is then the root of the mount.
                return Directory.Exists(own) ? own : Directory.Exists(root) ? root : null;
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
