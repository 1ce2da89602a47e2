namespace Executor.Storage;

/// <summary>A registered executor.</summary>
public sealed record ExecutorRecord
{
    /// <summary>Its id.</summary>
    public required string ExecutorId { get; init; }

    /// <summary>The host it says it is on.</summary>
    public required string Host { get; init; }

    /// <summary>The port it says it listens on. Default 0: none.</summary>
    public int Port { get; init; }

    /// <summary>Tasks at once. Default 1.</summary>
    public int MaxTasks { get; init; } = 1;

    /// <summary>What it has, for tasks that ask for it.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>When it was last heard of, to the millisecond.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }
}
