using Microsoft.Extensions.Logging;

namespace Executor.Api.Executors.Connect;

/// <summary>What is logged about connections of executors.</summary>
internal static partial class ConnectLog
{
    [LoggerMessage(3101, LogLevel.Information, "Executor {ExecutorId} connected from {Host}, naming {Running} running tasks of which {Stale} are no longer its own")]
    public static partial void Connected(this ILogger log, string executorId, string host, int running, int stale);

    [LoggerMessage(3102, LogLevel.Information, "Connection of executor {ExecutorId} ended: {Reason}")]
    public static partial void Ended(this ILogger log, string executorId, string reason);

    [LoggerMessage(3103, LogLevel.Warning, "A connection was refused: {Reason}")]
    public static partial void Refused(this ILogger log, string reason);

    [LoggerMessage(3104, LogLevel.Error, "A report of executor {ExecutorId} about {Task} failed")]
    public static partial void ReportFailed(this ILogger log, Exception failed, string executorId, Scheduling.TaskAttempt task);

    [LoggerMessage(3105, LogLevel.Error, "The connection of executor {ExecutorId} failed")]
    public static partial void ConnectionFailed(this ILogger log, Exception failed, string executorId);
}
