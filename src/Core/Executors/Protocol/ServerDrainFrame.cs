namespace Executor.Executors.Protocol;

/// <summary>The executor will be given nothing more: it is to finish what it runs, and leave.</summary>
public sealed record ServerDrainFrame : ServerFrame
{
    /// <inheritdoc/>
    public override string Type => "drain";
}
