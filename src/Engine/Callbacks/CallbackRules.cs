using System.Globalization;
using Executor.Storage;

namespace Executor.Engine.Callbacks;

/// <summary>When a callback is tried again, and when no more. Pure.</summary>
internal static class CallbackRules
{
    /// <summary>Posts after which one is given up.</summary>
    public const int MaxTries = 30;

    /// <summary>Time since the end of its task after which one is given up.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(3);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(4);
    private static readonly TimeSpan FirstHostWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHostWait = TimeSpan.FromMinutes(5);

    /// <summary>What becomes of a callback whose post has failed.</summary>
    /// <param name="callback">As it was before.</param>
    /// <param name="problem">Why it failed.</param>
    /// <param name="now">The time.</param>
    /// <param name="jitter">A number from 0 to 1 that spreads what failed at once.</param>
    public static CallbackOutcome Fail(CallbackRecord callback, string problem, DateTimeOffset now, double jitter)
    {
        int attempts = callback.Attempts + 1;
        DateTimeOffset next = now + Spread(FirstWait, LongestWait, attempts, jitter);
        return attempts >= MaxTries || IsTooOld(callback, next)
            ? new CallbackGivenUp(callback.Sequence, attempts, now, problem)
            : new CallbackPutOff(callback.Sequence, attempts, next, problem);
    }

    /// <summary>A callback that waited for too long for its host, which may be without a try of its own.</summary>
    /// <returns>Null: it may wait.</returns>
    public static CallbackOutcome? Expire(CallbackRecord callback, string? hostProblem, DateTimeOffset now) => IsTooOld(callback, now)
        ? new CallbackGivenUp(
            callback.Sequence, callback.Attempts, now, callback.Error ?? hostProblem ?? string.Create(CultureInfo.InvariantCulture, $"not delivered within {MaxAge.TotalDays} days"))
        : null;

    /// <summary>How long a host is left alone after posts that failed.</summary>
    public static TimeSpan HostWait(int failures, double jitter) => Spread(FirstHostWait, LongestHostWait, failures, jitter);

    private static bool IsTooOld(CallbackRecord callback, DateTimeOffset at) => at - callback.EndedAt >= MaxAge;

    /// <summary>Doubled with each failure, up to a longest; half of it to all of it.</summary>
    private static TimeSpan Spread(TimeSpan first, TimeSpan longest, int failures, double jitter)
    {
        TimeSpan wait = first * double.Pow(2, int.Min(failures - 1, 20));
        return (wait < longest ? wait : longest) * (0.5 + (jitter / 2));
    }
}
