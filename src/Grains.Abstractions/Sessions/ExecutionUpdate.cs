using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Grains.Sessions;

/// <summary>What is new of an execution.</summary>
/// <param name="Output">Pieces of output that had not been seen.</param>
/// <param name="Ended">What came of it; null: it has not ended.</param>
[GenerateSerializer, Immutable, Alias("executor.execution.update")]
public sealed record ExecutionUpdate([property: Id(0)] IReadOnlyList<ExecutionOutput> Output, [property: Id(1)] SessionExecution? Ended);

/// <summary>A piece of output.</summary>
/// <param name="Stream">Which stream it came from.</param>
/// <param name="Data">The bytes.</param>
[GenerateSerializer, Immutable, Alias("executor.execution.output")]
public sealed record ExecutionOutput([property: Id(0)] OutputStream Stream, [property: Id(1)] byte[] Data);
