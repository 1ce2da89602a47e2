namespace Executor.Http.Wire;

/// <summary>A page of tasks, newest first.</summary>
public sealed record TaskList
{
    /// <summary>The tasks.</summary>
    public required IReadOnlyList<TaskSummary> Tasks { get; init; }

    /// <summary>What to hand back as <c>cursor</c> for the next page; null: this was the last one.</summary>
    public string? NextCursor { get; init; }
}
