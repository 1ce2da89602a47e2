using Microsoft.Extensions.Logging;

namespace Executor.Engine.Callbacks;

/// <summary>What is said of callbacks.</summary>
internal static partial class CallbackLog
{
    [LoggerMessage(2009, LogLevel.Warning, "The result of task {TaskId} could not be posted to its callback_url and is not tried again: {Problem}")]
    public static partial void CallbackGivenUp(this ILogger log, string taskId, string problem);

    [LoggerMessage(2011, LogLevel.Warning, "Results for {Host} can't be posted; trying again, less and less often: {Problem}")]
    public static partial void HostFails(this ILogger log, string host, string problem);

    [LoggerMessage(2012, LogLevel.Information, "Results for {Host} can be posted again")]
    public static partial void HostIsWell(this ILogger log, string host);
}
