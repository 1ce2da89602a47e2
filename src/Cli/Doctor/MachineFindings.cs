using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Executor.Hosting.Doctor;

namespace Executor.Cli.Doctor;

/// <summary>What can be told about this machine without starting anything.</summary>
internal static class MachineFindings
{
    /// <summary>The edition this program was built as: <c>full</c> or <c>core</c>.</summary>
    public static string Edition { get; } = typeof(MachineFindings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == nameof(Edition)).Value!;

    /// <summary>Operating system, processor, memory, framework, edition and cgroups.</summary>
    public static IEnumerable<Finding> All()
    {
        yield return new Finding("system", FindingStatus.Ok, $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        double memoryGb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        yield return new Finding("hardware", FindingStatus.Ok, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memoryGb:0.0} GiB memory"));
        yield return new Finding("dotnet", FindingStatus.Ok, RuntimeInformation.FrameworkDescription);
        yield return new Finding("edition", FindingStatus.Ok, Edition);
        if (OperatingSystem.IsLinux())
        {
            yield return MemoryCgroup.Check();
        }
    }
}
