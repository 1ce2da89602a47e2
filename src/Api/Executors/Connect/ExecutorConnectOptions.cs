namespace Executor.Api.Executors.Connect;

/// <summary>How connections of executors are kept.</summary>
public sealed record ExecutorConnectOptions
{
    /// <summary>How long a new connection may take to send its <c>register</c>. Range over 0. Default 10 s.</summary>
    public TimeSpan RegisterTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Silence after which the other side is asked (a ping) whether it is there, and how long it may take to answer before the connection is
    /// given up. Range over 0. Default 10 s.
    /// </summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the other side may take to answer a close. Range over 0. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest frame of a registered executor, in MiB: a result with its artifacts. Range 1 to 1,024. Default 64.</summary>
    public int MaxFrameMb { get; init; } = 64;

    /// <summary>
    /// Frames of more than 256 KiB, of all executors, that are received or on their way into the store at once; further ones wait in their connections.
    /// Range 1 and up. Default 4.
    /// </summary>
    public int MaxLargeFrames { get; init; } = 4;

    /// <summary>Results of one executor that are on their way into the store at once; further ones wait in its connection. Range 1 and up. Default 256.</summary>
    public int MaxReports { get; init; } = 256;
}
