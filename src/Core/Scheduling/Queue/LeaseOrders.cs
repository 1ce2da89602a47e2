namespace Executor.Scheduling;

/// <summary>Executors, the first to be lost first; equal ones as they registered.</summary>
internal readonly struct ByExecutorLease : IHeapOrder<ExecutorState>
{
    public static bool IsBefore(ExecutorState a, ExecutorState b) =>
        a.LeaseExpiresAt != b.LeaseExpiresAt ? a.LeaseExpiresAt < b.LeaseExpiresAt : a.Registered < b.Registered;

    public static ref int Position(ExecutorState item) => ref item.LeasePosition;
}

/// <summary>Held tasks, the first to be lost first; equal ones as they were enqueued.</summary>
internal readonly struct ByTaskLease : IHeapOrder<Holding>
{
    public static bool IsBefore(Holding a, Holding b) =>
        a.LeaseExpiresAt != b.LeaseExpiresAt ? a.LeaseExpiresAt < b.LeaseExpiresAt : a.Entry.Sequence < b.Entry.Sequence;

    public static ref int Position(Holding item) => ref item.LeasePosition;
}
