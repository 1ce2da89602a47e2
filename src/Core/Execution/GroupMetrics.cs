namespace Executor.Execution;

/// <summary>How the tasks of one runtime or one executor ended, since the start.</summary>
/// <param name="Completed">Those that ended COMPLETED.</param>
/// <param name="Failed">Those that ended FAILED.</param>
/// <param name="Cancelled">Those that ended CANCELLED.</param>
/// <param name="AverageTime">How long they ran on average; null: none ran.</param>
public sealed record GroupMetrics(long Completed, long Failed, long Cancelled, TimeSpan? AverageTime);
