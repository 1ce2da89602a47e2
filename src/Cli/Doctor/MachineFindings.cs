using System.Globalization;
using System.Runtime.InteropServices;
using Executor.Runners.Modules;

namespace Executor.Cli.Doctor;

/// <summary>What can be told about this machine without starting anything.</summary>
internal static class MachineFindings
{
    /// <summary>Operating system, processor, memory, framework and cgroups.</summary>
    public static IEnumerable<Finding> All()
    {
        yield return new Finding("system", FindingStatus.Ok, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        double memoryGb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        yield return new Finding("hardware", FindingStatus.Ok, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memoryGb:0.0} GiB memory"));
        yield return new Finding("dotnet", FindingStatus.Ok, RuntimeInformation.FrameworkDescription);
        if (OperatingSystem.IsLinux())
        {
            yield return MemoryCgroup.Check();
        }
    }
}
