namespace Executor.Grains.Scheduling;

/// <summary>The scheduler is reading what an earlier one left, or hands over to another; the same call will do in a moment.</summary>
[GenerateSerializer, Alias("executor.starting")]
public sealed class SchedulerStartingException() : Exception("the cluster's scheduler is starting; try again in a moment");
