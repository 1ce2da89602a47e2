using Microsoft.Extensions.Logging;

namespace Executor.Silo.Clustering;

/// <summary>What is said about the cluster's database.</summary>
internal static partial class ClusteringLog
{
    [LoggerMessage(3201, LogLevel.Debug, "Executors that are gone could not be forgotten, trying again in an hour: {Problem}")]
    public static partial void ExecutorsNotSwept(this ILogger log, string problem);
}
