using Executor.Grains.Serialization;

namespace Executor.Grains.Scheduling;

/// <summary>What a front says to the scheduler, in order.</summary>
/// <param name="Session">The session, which the front has chosen.</param>
/// <param name="IsFirst">Whether it begins the session: the scheduler need not know it.</param>
/// <param name="Silo">The silo that the front is on; null: it is a client's.</param>
/// <param name="Calls">The calls. Those that the session has taken already are passed over.</param>
[GenerateSerializer, Immutable, Alias("executor.front-batch")]
public sealed record FrontBatch(
    [property: Id(0)] Guid Session,
    [property: Id(1)] bool IsFirst,
    [property: Id(2)] string? Silo,
    [property: Id(3)] Parcel<IReadOnlyList<NumberedCall>> Calls);

/// <summary>A call with its place in the session.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Call">The call.</param>
[GenerateSerializer, Immutable, Alias("executor.numbered-call")]
public readonly record struct NumberedCall([property: Id(0)] long Number, [property: Id(1)] FrontCall Call);

/// <summary>What came of saying something, or of asking for news.</summary>
[GenerateSerializer]
public enum FrontStatus
{
    /// <summary>It was taken.</summary>
    Taken,

    /// <summary>The scheduler is starting; nothing was taken.</summary>
    Starting,

    /// <summary>The scheduler does not know the session, since it was started later or has given the session up: begin another.</summary>
    UnknownSession,
}
