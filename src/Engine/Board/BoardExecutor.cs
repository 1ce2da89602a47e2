using Executor.Executors;
using Executor.Scheduling;

namespace Executor.Engine.Board;

/// <summary>One registration of an executor. When a later one of the same id has taken its place, nothing it says counts.</summary>
/// <param name="registration">What it said of itself.</param>
/// <param name="offer">What it has, as the queue counts it.</param>
/// <param name="lease">How long it may be silent; null: for ever.</param>
/// <param name="link">The way to it: carried in effects, never called by the board.</param>
/// <param name="now">The time.</param>
internal sealed class BoardExecutor(ExecutorRegistration registration, ExecutorOffer offer, TimeSpan? lease, IExecutorLink link, DateTimeOffset now)
{
    public string Id => Registration.ExecutorId;

    public ExecutorRegistration Registration { get; } = registration;

    public ExecutorOffer Offer { get; } = offer;

    public TimeSpan? Lease { get; } = lease;

    public IExecutorLink Link { get; } = link;

    public DateTimeOffset RegisteredAt { get; } = now;

    public DateTimeOffset LastSeenAt { get; set; } = now;

    public ExecutorStatus Status { get; set; }

    /// <summary>What is on the way to it.</summary>
    public UnheardAttempts Unheard { get; } = new(isBounded: lease is not null);

    /// <summary>What is known of its failures.</summary>
    public ExecutorTrouble Trouble { get; set; } = new();
}
