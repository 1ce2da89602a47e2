namespace Executor.Storage;

/// <summary>Times as stores keep them: UTC, to the millisecond.</summary>
internal static class StoredTime
{
    public static DateTimeOffset Truncate(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static DateTimeOffset? Truncate(DateTimeOffset? time) => time is DateTimeOffset given ? Truncate(given) : null;
}
