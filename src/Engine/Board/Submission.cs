using Executor.Storage;

namespace Executor.Engine.Board;

/// <summary>A batch on its way into the store, from <see cref="SubmitEvents.Submit"/> to <see cref="SubmitEvents.Stored"/> or <see cref="SubmitEvents.StoreFailed"/>.</summary>
/// <param name="tasks">The tasks.</param>
/// <param name="traceParent">The span in which they are submitted; null: none.</param>
internal sealed class Submission(IReadOnlyList<TaskSubmission> tasks, string? traceParent)
{
    public IReadOnlyList<TaskSubmission> Tasks { get; } = tasks;

    public string? TraceParent { get; } = traceParent;

    /// <summary>Those that have been joined to the dependency graph; null: none.</summary>
    public HashSet<string>? Linked { get; set; }
}
