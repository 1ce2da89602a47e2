using Microsoft.Extensions.Logging;

namespace Executor.Engine.Jobs;

public sealed partial class JobRunner
{
    [LoggerMessage(EventId = 501, Level = LogLevel.Warning, Message = "[501] Progress and log of job {JobId} could not be stored.")]
    private partial void LogNotSaved(Exception exception, string jobId);

    [LoggerMessage(EventId = 502, Level = LogLevel.Error, Message = "[502] Job {JobId} ({Type}) broke.")]
    private partial void LogBroken(Exception exception, string jobId, string type);

    [LoggerMessage(EventId = 503, Level = LogLevel.Warning, Message = "[503] {Count} jobs did not stop within {Seconds} s.")]
    private partial void LogNotStopped(int count, double seconds);
}
