using System.Text.Json;

namespace Executor.Library;

/// <summary>A function of this process that tasks can call.</summary>
/// <param name="parameters">The task's <c>params</c>, an object; null: it has none.</param>
/// <param name="cancellationToken">Asks it to stop: the task was cancelled or has reached its timeout.</param>
/// <returns>The task's result; it is written as JSON.</returns>
public delegate Task<object?> LocalFunction(JsonElement? parameters, CancellationToken cancellationToken);
