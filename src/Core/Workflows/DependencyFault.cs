using Executor.Tasks;

namespace Executor.Workflows;

/// <summary>What is wrong with a task of a batch beside the others.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Field">Its field: <c>depends_on</c> or <c>task_id</c>.</param>
/// <param name="Message">What is wrong with it, and what would be right.</param>
public readonly record struct DependencyFault(string TaskId, string Field, string Message)
{
    /// <summary>The fault for one who submitted several tasks, and knows them by their places.</summary>
    /// <param name="place">The task's place from 0; null: it is the only one.</param>
    public ValidationFault At(int? place) => new(place is int index ? FormattableString.Invariant($"tasks[{index}].{Field}") : Field, Message);
}
