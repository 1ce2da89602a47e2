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

    [LoggerMessage(
        3204,
        LogLevel.Warning,
        "The clock of this silo is {Difference:c} {Direction} the database's: it is {Here:u} here and {There:u} there. Where silos' clocks differ, tasks that wait, are repeated or time out "
        + "do so that much too early or too late when the scheduler moves: set the clock right, by a time server, and start the silo that was wrong again")]
    public static partial void ClockDiffers(this ILogger log, TimeSpan difference, string direction, DateTimeOffset here, DateTimeOffset there);

    [LoggerMessage(3205, LogLevel.Information, "The clock of this silo and the database's are the same again")]
    public static partial void ClockAgrees(this ILogger log);

    [LoggerMessage(3206, LogLevel.Debug, "The database's clock could not be read, trying again in a minute: {Problem}")]
    public static partial void ClockNotRead(this ILogger log, string problem);
}
