namespace Executor.Http.Wire;

/// <summary>Times as they go over the wire: milliseconds since the Unix epoch.</summary>
internal static class WireTime
{
    /// <summary>The time; null: none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none.</exception>
    public static DateTimeOffset? Of(long? milliseconds) => milliseconds is long given ? DateTimeOffset.FromUnixTimeMilliseconds(given) : null;
}
