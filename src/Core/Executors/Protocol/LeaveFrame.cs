namespace Executor.Executors.Protocol;

/// <summary>The executor goes away for good; what it still runs goes elsewhere. The server closes the connection.</summary>
public sealed record LeaveFrame : ExecutorFrame
{
    /// <inheritdoc/>
    public override string Type => "leave";
}
