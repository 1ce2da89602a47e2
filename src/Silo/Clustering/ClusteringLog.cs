using System.Net;
using Microsoft.Extensions.Logging;

namespace Executor.Silo.Clustering;

/// <summary>What is said about the cluster's database.</summary>
internal static partial class ClusteringLog
{
    [LoggerMessage(3201, LogLevel.Debug, "Executors that are gone could not be forgotten, trying again in an hour: {Problem}")]
    public static partial void ExecutorsNotSwept(this ILogger log, string problem);

    [LoggerMessage(3202, LogLevel.Warning, "Silo {Silo} of an earlier cluster was lost without leaving: noted as dead")]
    public static partial void MemberLost(this ILogger log, IPEndPoint silo);

    [LoggerMessage(3203, LogLevel.Debug, "Silos that were lost could not be noted as dead, trying again: {Problem}")]
    public static partial void LostMembersNotNoted(this ILogger log, string problem);
}
