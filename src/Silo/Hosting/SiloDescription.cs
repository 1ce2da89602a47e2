using System.Globalization;
using System.Reflection;
using Executor.Configuration;
using Executor.Grains;
using Executor.Hosting;
using Executor.Tasks;

namespace Executor.Silo.Hosting;

/// <summary>What a silo can run, as the other silos are told (Orleans' silo metadata).</summary>
internal static class SiloDescription
{
    /// <summary>By name. Lists have commas.</summary>
    public static Dictionary<string, string> Of(LocalHost local, SiloRequest request, ClusterNodeOptions node) => new()
    {
        [SiloMetadataKeys.Queue] = node.Queue,
        [SiloMetadataKeys.Runners] = List(UsableRunners(local).Select(kind => kind.ToString().ToLowerInvariant())),
        [SiloMetadataKeys.CodeExecutors] = List(local.CodeExecutors),
        [SiloMetadataKeys.Runtimes] = List(local.Runtimes.All.Select(runtime => runtime.Name)),
        [SiloMetadataKeys.Capabilities] = List(request.Capabilities),
        [SiloMetadataKeys.Cores] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
        [SiloMetadataKeys.MaxTasks] = request.MaxTasks.ToString(CultureInfo.InvariantCulture),
        [SiloMetadataKeys.Version] =
            typeof(SiloDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
    };

    /// <summary>The kinds that there is a code executor of: the others could run nothing.</summary>
    private static IEnumerable<RunnerKind> UsableRunners(LocalHost local) => local.Configuration.CodeExecutors
        .Select(options => options.Kind)
        .Where(local.Runners.Contains)
        .Distinct();

    private static string List(IEnumerable<string> names) => string.Join(',', names.Order(StringComparer.Ordinal));
}
