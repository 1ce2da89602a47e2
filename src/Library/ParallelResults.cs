using Executor.Tasks;

namespace Executor.Library;

/// <summary>What came of the tasks of one call.</summary>
/// <param name="ById">The result of each, in the order in which the tasks were given.</param>
/// <param name="EndOrder">Their ids in the order in which they ended.</param>
public sealed record ParallelResults(IReadOnlyDictionary<string, TaskResult> ById, IReadOnlyList<string> EndOrder)
{
    /// <summary>Whether all COMPLETED.</summary>
    public bool Success => ById.Values.All(result => result.Success);

    /// <summary>The result of a task.</summary>
    /// <exception cref="KeyNotFoundException">There was no such task.</exception>
    public TaskResult this[string taskId] => ById.TryGetValue(taskId, out TaskResult? result)
        ? result
        : throw new KeyNotFoundException($"There was no task '{taskId}'.");
}
