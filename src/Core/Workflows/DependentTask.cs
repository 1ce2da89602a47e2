namespace Executor.Workflows;

/// <summary>A task and those that must be COMPLETED before it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="DependsOn">Ids of its parents; repeated ones count once.</param>
public readonly record struct DependentTask(string TaskId, IReadOnlyList<string> DependsOn);
