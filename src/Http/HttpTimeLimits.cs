namespace Executor.Http;

/// <summary>How long a request is repeated before it is given up, and how long its answer may take. What repeats may be infinite.</summary>
public sealed record HttpTimeLimits
{
    /// <summary>For one question and its answer: the defaults.</summary>
    public static HttpTimeLimits Brief { get; } = new();

    /// <summary>For work that goes on for long, in which the server may be restarted (two minutes) and its queue be full (for ever).</summary>
    public static HttpTimeLimits Lasting { get; } = new() { Lost = TimeSpan.FromMinutes(2), Busy = Timeout.InfiniteTimeSpan };

    /// <summary>While a server that never answered can't be reached. Default 3 s.</summary>
    public TimeSpan FirstContact { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>While a server that answered before can't be reached. Default 3 s.</summary>
    public TimeSpan Lost { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>While it answers that it is too busy, is being stopped, or that its storage is away. Zero: never repeated. Default 30 s.</summary>
    public TimeSpan Busy { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the answer to one attempt, over what the request itself asks the server to wait. Range over 0 to a day. Default 100 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The same for a session that opens or is restarted: its packages may have to be installed. Range over 0 to a day. Default 15 min.</summary>
    public TimeSpan SessionStart { get; init; } = TimeSpan.FromMinutes(15);
}
