namespace Executor.Executors.Protocol;

/// <summary>Why the server closes the connection, which it does next.</summary>
/// <param name="Message">For a person; names the bad field where there is one.</param>
public sealed record ErrorFrame(string Message) : ServerFrame
{
    /// <inheritdoc/>
    public override string Type => "error";
}
