namespace Executor.Sessions;

/// <summary>How many sessions a process holds, and for how long: <c>sessions</c>.</summary>
public sealed record SessionOptions
{
    /// <summary>Most sessions at once; further ones get 503. Range 0 to 10,000; 0: none. Default 64.</summary>
    public int Max { get; init; } = 64;

    /// <summary>How long nothing may be executed in a session before it is closed, where it doesn't say. Range over 0, at most a week. Default half an hour.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest idle timeout there may be.</summary>
    public static TimeSpan MaxIdleTimeout { get; } = TimeSpan.FromDays(7);

    /// <summary>Most executions that wait for one session. Range over 0. Default 64.</summary>
    public int MaxWaiting { get; init; } = 64;
}
