namespace Executor.Executors.Protocol;

/// <summary>The executor wants nothing more; what it runs goes on.</summary>
public sealed record DrainFrame : ExecutorFrame
{
    /// <inheritdoc/>
    public override string Type => "drain";
}
