using Executor.Execution;
using Executor.Tasks;

namespace Executor.Grains.Scheduling;

/// <summary>A piece of what a watcher is to be told.</summary>
/// <param name="Output">Output, in order.</param>
/// <param name="Result">The result, when nothing follows; null: ask again.</param>
/// <param name="IsOver">Whether nothing follows; without a result: there is no such task.</param>
[GenerateSerializer, Immutable, Alias("executor.output-chunk")]
public sealed record OutputChunk(
    [property: Id(0)] IReadOnlyList<TaskOutput> Output, [property: Id(1)] TaskResult? Result, [property: Id(2)] bool IsOver);
