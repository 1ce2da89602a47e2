namespace Executor.Scheduling;

/// <summary>Who is first: the higher priority, then the earlier submitted, then the earlier enqueued. No two tasks are equal.</summary>
internal readonly record struct WaitingOrder(int Priority, long Submitted, long Sequence) : IComparable<WaitingOrder>
{
    public int CompareTo(WaitingOrder other)
    {
        if (Priority != other.Priority)
        {
            return other.Priority.CompareTo(Priority);
        }

        return Submitted != other.Submitted ? Submitted.CompareTo(other.Submitted) : Sequence.CompareTo(other.Sequence);
    }

    public bool IsBefore(in WaitingOrder other) => CompareTo(other) < 0;
}
