using Microsoft.Extensions.Logging;

namespace Executor.Client.Connections;

/// <summary>What is logged of the connection to the scheduler.</summary>
internal static partial class SchedulerConnectionLog
{
    [LoggerMessage(3101, LogLevel.Debug, "The scheduler could not be reached: {Type}: {Problem}")]
    public static partial void SchedulerUnreachable(this ILogger log, string type, string problem);

    [LoggerMessage(3102, LogLevel.Information, "The scheduler does not know us any more (it was started anew, or we were silent); telling it again what runs here")]
    public static partial void ConnectionLost(this ILogger log);

    [LoggerMessage(3103, LogLevel.Debug, "An executor's grain could not be told that it lives or has left: {Problem}")]
    public static partial void ExecutorNotKept(this ILogger log, string problem);
}
