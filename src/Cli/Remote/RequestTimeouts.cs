namespace Executor.Cli.Remote;

/// <summary>How long a request is repeated before we give up.</summary>
internal sealed record RequestTimeouts
{
    /// <summary>For one question and its answer.</summary>
    public static RequestTimeouts Brief { get; } = new();

    /// <summary>For work that goes on for long, in which the server may be restarted and its queue be full.</summary>
    public static RequestTimeouts Lasting { get; } = new() { Lost = TimeSpan.FromMinutes(2), Busy = Timeout.InfiniteTimeSpan };

    /// <summary>While a server that never answered can't be reached. Default 3 s.</summary>
    public TimeSpan FirstContact { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>While a server that answered before can't be reached. Default 3 s.</summary>
    public TimeSpan Lost { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>While it answers that it is too busy; infinite: for ever. Default 30 s.</summary>
    public TimeSpan Busy { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For the answer to one attempt, over what the request itself asks the server to wait. Default 100 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(100);
}
