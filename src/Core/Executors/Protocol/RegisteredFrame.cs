using Executor.Scheduling;

namespace Executor.Executors.Protocol;

/// <summary>The answer to <see cref="RegisterFrame"/>, before anything else.</summary>
public sealed record RegisteredFrame : ServerFrame
{
    /// <summary>The version the server speaks.</summary>
    public int Protocol { get; set; } = ExecutorProtocol.Version; // settable: the JSON source generator resets an init-only member that the JSON does not name

    /// <summary>Seconds the executor may be silent before it and what it runs are lost; null: for ever.</summary>
    public double? LeaseSec { get; init; }

    /// <summary>Largest frame the server takes, in bytes.</summary>
    public int MaxFrameBytes { get; set; } = int.MaxValue; // settable as Protocol is

    /// <summary>Attempts it named that are no longer its own: to be stopped.</summary>
    public IReadOnlyList<TaskAttempt> Stale { get; set; } = []; // settable as Protocol is

    /// <summary>The last piece of output that arrived of each attempt it named: what came after it may be sent again.</summary>
    public IReadOnlyList<ReceivedOutput> Received { get; set; } = []; // settable as Protocol is

    /// <inheritdoc/>
    public override string Type => "registered";
}

/// <summary>How much of an attempt's output has arrived.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="Seq">The number of the last piece; 0: none.</param>
public readonly record struct ReceivedOutput(string TaskId, int Attempt, long Seq);
