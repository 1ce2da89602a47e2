namespace Executor.Storage;

/// <summary>An attempt that began to run.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="ExecutorId">The executor that holds it.</param>
/// <param name="StartedAt">When; kept to the millisecond.</param>
public sealed record TaskStart(string TaskId, int Attempt, string ExecutorId, DateTimeOffset StartedAt);
