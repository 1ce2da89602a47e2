namespace Executor.Grains.Scheduling;

/// <summary>Whether this silo has lately lost its way to the store: a scheduler that gave way for that should not begin again here at once.</summary>
internal sealed class StoreOutage
{
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private long _notedAt = -(long)Recent.TotalMilliseconds;

    /// <summary>Whether that was within the last ten seconds.</summary>
    public bool IsRecent => Environment.TickCount64 - Volatile.Read(ref _notedAt) < Recent.TotalMilliseconds;

    /// <summary>A scheduler gives way now.</summary>
    public void Note() => Volatile.Write(ref _notedAt, Environment.TickCount64);
}
