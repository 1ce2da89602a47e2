namespace Executor.Grains.Sessions;

/// <summary>How sessions are kept in grain storage, and tidied.</summary>
internal static class SessionKeeping
{
    /// <summary>The name of a session's state.</summary>
    public const string StateName = "session";

    /// <summary>The name of the state with the names of all.</summary>
    public const string IndexName = "sessions";

    /// <summary>The reminder by which those are found that nobody asks for any more.</summary>
    public const string SweepReminder = "sweep";

    /// <summary>How often they are looked for.</summary>
    public static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(10);

    /// <summary>How often a live session looks whether it is idle.</summary>
    public static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    /// <summary>How long a call waits for something to happen.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long the result of an execution is kept for who has not said that it was heard. More than clients repeat their calls.</summary>
    public static readonly TimeSpan KeepEnded = TimeSpan.FromMinutes(1);
}
