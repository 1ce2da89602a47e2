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
            Invariant($"--data={(long)limits.MemoryMb << 20}"),
            "--core=0",
            "--",
            .. argv,
        ];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
