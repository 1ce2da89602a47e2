using System.Globalization;
using Executor.Limits;

namespace Executor.Runners.Local.Plain;

/// <summary>Per-process limits by util-linux's <c>prlimit</c>, where it is installed. They don't bound a tree; only the sandbox does.</summary>
internal static class PosixLimits
{
    private const string Program = "/usr/bin/prlimit";
    private static readonly bool Available = OperatingSystem.IsLinux() && File.Exists(Program);

    public static IReadOnlyList<string> Wrap(IReadOnlyList<string> argv, EffectiveLimits limits)
    {
        if (!Available)
        {
            return argv;
        }

        long cpu = long.Max(1, (long)Math.Ceiling(limits.CpuTime));
        return
        [
            Program,
            Invariant($"--cpu={cpu}:{cpu + 1}"),
            Invariant($"--fsize={(long)limits.FileSizeMb << 20}"),
            Invariant($"--nofile={limits.OpenFiles}"),
            // A thread's stack is data, too, used or not.
            Invariant($"--data={(limits.MemoryMb + (2L * limits.StackMb)) << 20}"),
            $"--stack={Stack(limits)}:",
            "--core=0",
            "--",
            .. argv,
        ];
    }

    /// <summary>
    /// The soft limit, since not everyone may raise the hard one. Threads get stacks of the size of the main one's limit, unless there is none
    /// (then 2 MiB): the better choice where a stack may be as large as the memory, for what is only reserved counts as data.
    /// </summary>
    private static string Stack(EffectiveLimits limits)
    {
        string? hard = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith("Max stack size", StringComparison.Ordinal))?
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        long most = long.TryParse(hard, CultureInfo.InvariantCulture, out long bytes) ? bytes : long.MaxValue;
        return limits.StackMb < limits.MemoryMb ? Invariant($"{long.Min((long)limits.StackMb << 20, most)}")
            : most == long.MaxValue ? "unlimited"
            : Invariant($"{most}");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
