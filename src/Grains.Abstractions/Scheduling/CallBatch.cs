using Executor.Grains.Serialization;

namespace Executor.Grains.Scheduling;

/// <summary>What a client says to the scheduler, in order.</summary>
/// <param name="ConnectionId">The connection, which the client has chosen.</param>
/// <param name="IsFirst">Whether it begins the connection: the scheduler need not know it.</param>
/// <param name="Silo">The silo that the process is; null: it is none.</param>
/// <param name="Calls">The calls. Those that the connection has taken already are passed over.</param>
[GenerateSerializer, Immutable, Alias("executor.call-batch")]
public sealed record CallBatch(
    [property: Id(0)] Guid ConnectionId,
    [property: Id(1)] bool IsFirst,
    [property: Id(2)] string? Silo,
    [property: Id(3)] Payload<IReadOnlyList<NumberedCall>> Calls);

/// <summary>A call with its place in the connection.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Call">The call.</param>
[GenerateSerializer, Immutable, Alias("executor.numbered-call")]
public readonly record struct NumberedCall([property: Id(0)] long Number, [property: Id(1)] SchedulerCall Call);

/// <summary>What came of saying something, or of asking for events.</summary>
[GenerateSerializer]
public enum ConnectionStatus
{
    /// <summary>It was taken.</summary>
    Taken,

    /// <summary>The scheduler is starting; nothing was taken.</summary>
    Starting,

    /// <summary>The scheduler does not know the connection, since it was started later or has given the connection up: begin another.</summary>
    UnknownConnection,
}
