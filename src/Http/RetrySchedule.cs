namespace Executor.Http;

/// <summary>When the attempts of one request are made: waits that double, with some chance in them so that clients don't come in step.</summary>
/// <param name="time">The clock.</param>
internal sealed class RetrySchedule(TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestAsked = TimeSpan.FromMinutes(1);

    private TimeSpan _wait = FirstWait;
    private long? _troubleSince;

    /// <summary>Forgets the trouble of before: something has gone well.</summary>
    public void Reset() => (_wait, _troubleSince) = (FirstWait, null);

    /// <summary>How long to wait before the next attempt; null: there is none.</summary>
    /// <param name="timeLimit">How long attempts are made, from the first that failed; infinite: for ever.</param>
    /// <param name="asked">How long the server asks us to wait; null: it does not say.</param>
    public TimeSpan? Next(TimeSpan timeLimit, TimeSpan? asked = null)
    {
        _troubleSince ??= time.GetTimestamp();
        TimeSpan wait = asked is TimeSpan given
            ? TimeSpan.FromTicks(long.Clamp(given.Ticks, FirstWait.Ticks, LongestAsked.Ticks))
            : _wait * (0.75 + (Random.Shared.NextDouble() / 2));
        _wait = TimeSpan.FromTicks(long.Min(_wait.Ticks * 2, LongestWait.Ticks));
        return timeLimit == Timeout.InfiniteTimeSpan || time.GetElapsedTime(_troubleSince.Value) + wait <= timeLimit ? wait : null;
    }
}
