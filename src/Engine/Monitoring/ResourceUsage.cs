using System.Diagnostics;

namespace Executor.Engine.Monitoring;

/// <summary>What this process and its descendants have used up to now, and hold now.</summary>
/// <param name="CpuTime">CPU time so far. It may fall: that of a descendant which nobody waited for is forgotten with it.</param>
/// <param name="Memory">Resident memory of this process, in bytes.</param>
/// <param name="DescendantsMemory">Resident memory of its descendants, in bytes; null: it can't be told here.</param>
internal readonly record struct ResourceUsage(TimeSpan CpuTime, long Memory, long? DescendantsMemory)
{
    /// <summary>What is used now.</summary>
    public static ResourceUsage Read() =>
        (OperatingSystem.IsLinux() ? ProcessTree.Read("/proc", Environment.ProcessId) : null)
        ?? new ResourceUsage(OwnCpuTime(), Environment.WorkingSet, null);

    private static TimeSpan OwnCpuTime()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
