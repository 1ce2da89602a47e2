using Microsoft.Extensions.Logging;

namespace Executor.Engine;

/// <summary>What the engine says.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(2001, LogLevel.Error, "Work in the background failed")]
    public static partial void BackgroundWorkFailed(this ILogger log, Exception failed);

    [LoggerMessage(2003, LogLevel.Information, "Found {Count} tasks that had not ended, {Running} of them running")]
    public static partial void Recovered(this ILogger log, int count, int running);

    [LoggerMessage(2004, LogLevel.Information, "Executor {ExecutorId} registered ({MaxTasks} tasks at once)")]
    public static partial void ExecutorRegistered(this ILogger log, string executorId, int maxTasks);

    [LoggerMessage(2005, LogLevel.Warning, "Executor {ExecutorId} is lost; {Tasks} tasks of it run again")]
    public static partial void ExecutorLost(this ILogger log, string executorId, int tasks);

    [LoggerMessage(2014, LogLevel.Warning, "Executor {ExecutorId} failed {Failures} tasks in a row by its own machinery; it is given nothing until {Until:u}: {Problem}")]
    public static partial void ExecutorQuarantined(this ILogger log, string executorId, int failures, DateTimeOffset until, string problem);

    [LoggerMessage(2015, LogLevel.Information, "Executor {ExecutorId} is given tasks again")]
    public static partial void ExecutorReleased(this ILogger log, string executorId);

    [LoggerMessage(2006, LogLevel.Warning, "Task {TaskId} attempt {Attempt} failed by our own machinery and is repeated: {ErrorType}: {Problem}")]
    public static partial void InfrastructureFailed(this ILogger log, string taskId, int attempt, string errorType, string problem);

    [LoggerMessage(2007, LogLevel.Warning, "Result of task {TaskId} attempt {Attempt} was not recorded: {Outcome}")]
    public static partial void ResultNotRecorded(this ILogger log, string taskId, int attempt, Storage.WriteOutcome outcome);

    [LoggerMessage(2008, LogLevel.Information, "{Count} ended tasks were removed by retention")]
    public static partial void RetentionApplied(this ILogger log, long count);

    [LoggerMessage(2016, LogLevel.Warning, "Ended tasks are not removed by their age while the system's clock is {Difference:c} off")]
    public static partial void RetentionPaused(this ILogger log, TimeSpan difference);

    [LoggerMessage(
        2017,
        LogLevel.Warning,
        "The newest task that is stored is of {Newest:u}, and by the clock it is {Now:u}. If nothing happened for so long, all is well. If the clock is wrong, {Count} results would be lost: "
        + "ended tasks are removed by their age only from {Until:u} on. To keep them, stop the server until the clock is right, or raise storage.retention.max_age_days")]
    public static partial void RetentionHeld(this ILogger log, DateTimeOffset newest, DateTimeOffset now, long count, DateTimeOffset until);

    [LoggerMessage(
        2010,
        LogLevel.Warning,
        "Stored tasks depend on {Count} tasks that are not stored, '{First}' among them: they wait until those are submitted, or until they are cancelled")]
    public static partial void ParentsUnknown(this ILogger log, int count, string first);
}
