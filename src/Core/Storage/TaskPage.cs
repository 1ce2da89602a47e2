namespace Executor.Storage;

/// <summary>A piece of the list of tasks, newest first.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Next">Where the next piece begins; null: this was the last one.</param>
public sealed record TaskPage(IReadOnlyList<TaskRecord> Tasks, TaskCursor? Next);
