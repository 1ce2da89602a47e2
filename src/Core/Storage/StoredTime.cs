namespace Executor.Storage;

/// <summary>Times as stores keep them: UTC, to the millisecond.</summary>
public static class StoredTime
{
    /// <summary>The time without what a store would lose.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <inheritdoc cref="Truncate(DateTimeOffset)"/>
    public static DateTimeOffset? Truncate(DateTimeOffset? time) => time is DateTimeOffset given ? Truncate(given) : null;
}
