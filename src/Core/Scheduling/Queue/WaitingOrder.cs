namespace Executor.Scheduling;

/// <summary>Who is first: the lower rank, then the earlier enqueued. No two tasks are equal.</summary>
/// <param name="Rank">When the task was submitted, less the lead that its priority gives it; see <see cref="SchedulingOptions.LeadOf"/>. UTC ticks.</param>
/// <param name="Sequence">The number under which it was enqueued.</param>
internal readonly record struct WaitingOrder(Int128 Rank, long Sequence) : IComparable<WaitingOrder>
{
    public int CompareTo(WaitingOrder other) => Rank != other.Rank ? Rank.CompareTo(other.Rank) : Sequence.CompareTo(other.Sequence);

    public bool IsBefore(in WaitingOrder other) => CompareTo(other) < 0;
}
