namespace Executor.Executors.Protocol;

/// <summary>What both sides of a connection agree on; <c>docs/executor-protocol.md</c> describes the whole.</summary>
public static class ExecutorProtocol
{
    /// <summary>The version spoken here: the <c>protocol</c> of <c>register</c> and <c>registered</c>.</summary>
    public const int Version = 1;

    /// <summary>Where a server takes connections.</summary>
    public const string Path = "/executors/connect";

    /// <summary>Close code: what was said is not valid, and would not be the next time.</summary>
    public const int InvalidClose = 1008;

    /// <summary>Close code: the server stops; it may be back soon.</summary>
    public const int StoppingClose = 1001;

    /// <summary>Close code: a frame is larger than the other side takes.</summary>
    public const int TooLargeClose = 1009;

    /// <summary>Close code: the server failed; worth trying again.</summary>
    public const int FailedClose = 1011;

    /// <summary>Close code: another connection registered with the same id.</summary>
    public const int ReplacedClose = 4001;

    /// <summary>Close code: the executor is not registered any more and is to connect and register again.</summary>
    public const int RegisterAgainClose = 4002;
}
