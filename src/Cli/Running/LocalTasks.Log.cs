using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Cli.Running;

/// <summary>What the command line logs about the tasks it runs.</summary>
internal static partial class LocalTasksLog
{
    [LoggerMessage(1, LogLevel.Debug, "Task {TaskId} (attempt {Attempt}) starts with {CodeExecutor}")]
    public static partial void TaskStarts(this ILogger logger, string? taskId, int attempt, string codeExecutor);

    [LoggerMessage(2, LogLevel.Debug, "Task {TaskId} is {Status} after {DurationSec} s with exit code {ExitCode}, error {ErrorType}")]
    public static partial void TaskEnded(this ILogger logger, string taskId, ExecutionStatus status, double durationSec, int? exitCode, string? errorType);

    [LoggerMessage(3, LogLevel.Warning, "Task {TaskId}: our own machinery failed: {ErrorType}: {Message}")]
    public static partial void InfrastructureFailed(this ILogger logger, string taskId, string errorType, string message);
}
