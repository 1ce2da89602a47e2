using System.Text.Json;
using Executor.Tasks;

namespace Executor.Library;

/// <summary>A function of this process that is a task.</summary>
/// <param name="call">What the task brings.</param>
/// <param name="cancellationToken">Asks it to stop: the task was cancelled or has reached its timeout.</param>
/// <returns>The task's result; it is written as JSON.</returns>
public delegate Task<object?> ParallelFunction(ParallelCall call, CancellationToken cancellationToken);

/// <summary>What a function that is a task is given.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Params">The task's <c>params</c>; null: it has none.</param>
/// <param name="Parents">The results of the tasks it depends on, all COMPLETED, by id.</param>
public sealed record ParallelCall(string TaskId, int Attempt, JsonElement? Params, IReadOnlyDictionary<string, TaskResult> Parents)
{
    /// <summary>The value that a task on which this one depends returned.</summary>
    /// <typeparam name="T">What to read its JSON as.</typeparam>
    /// <exception cref="KeyNotFoundException">This task does not depend on that one.</exception>
    /// <exception cref="JsonException">The value is no such thing.</exception>
    public T? ValueOf<T>(string parentId) => Parents.TryGetValue(parentId, out TaskResult? parent)
        ? parent.Result is JsonElement value ? value.Deserialize<T>(LocalJson.Options) : default
        : throw new KeyNotFoundException(
            $"Task '{TaskId}' does not depend on '{parentId}'; it depends on: {string.Join(", ", Parents.Keys.DefaultIfEmpty("nothing"))}.");
}
