namespace Executor.Scheduling;

/// <summary>Tasks of one line, first in order first.</summary>
internal readonly struct ByWaitingOrder : IHeapOrder<QueueEntry>
{
    public static bool IsBefore(QueueEntry a, QueueEntry b) => a.Order.IsBefore(b.Order);

    public static ref int Position(QueueEntry item) => ref item.Position;
}

/// <summary>Delayed tasks, first due first; equally due ones in order, so that a run can be repeated.</summary>
internal readonly struct ByNotBefore : IHeapOrder<QueueEntry>
{
    public static bool IsBefore(QueueEntry a, QueueEntry b) =>
        a.NotBefore != b.NotBefore ? a.NotBefore < b.NotBefore : a.Sequence < b.Sequence;

    public static ref int Position(QueueEntry item) => ref item.Position;
}

/// <summary>Waiting tasks with a queue timeout, first to expire first.</summary>
internal readonly struct ByExpiry : IHeapOrder<QueueEntry>
{
    public static bool IsBefore(QueueEntry a, QueueEntry b) =>
        a.ExpiresAt != b.ExpiresAt ? a.ExpiresAt < b.ExpiresAt : a.Sequence < b.Sequence;

    public static ref int Position(QueueEntry item) => ref item.ExpiryPosition;
}
