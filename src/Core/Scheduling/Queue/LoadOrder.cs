namespace Executor.Scheduling;

/// <summary>Who is given a task: the least loaded, then the one that registered first. No two executors are equal.</summary>
internal readonly record struct LoadOrder(double Load, long Registered) : IComparable<LoadOrder>
{
    public int CompareTo(LoadOrder other)
    {
        int byLoad = Load.CompareTo(other.Load);
        return byLoad != 0 ? byLoad : Registered.CompareTo(other.Registered);
    }
}
