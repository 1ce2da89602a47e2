using Executor.Executors;

namespace Executor.Grains.Executors;

/// <summary>What is known of an executor.</summary>
/// <param name="Registration">What it said of itself when it last connected.</param>
/// <param name="Connection">The number of its connection.</param>
/// <param name="Silo">The silo that it is connected to; null: another process.</param>
/// <param name="ConnectedAt">Since when.</param>
/// <param name="LastSeenAt">When it was last heard of, to about a minute; after the grain has moved, to about an hour.</param>
/// <param name="IsDrained">Whether an operator has drained it.</param>
[GenerateSerializer, Immutable, Alias("executor.known-executor")]
public sealed record KnownExecutor(
    [property: Id(0)] ExecutorRegistration Registration,
    [property: Id(1)] long Connection,
    [property: Id(2)] string? Silo,
    [property: Id(3)] DateTimeOffset ConnectedAt,
    [property: Id(4)] DateTimeOffset LastSeenAt,
    [property: Id(5)] bool IsDrained);
