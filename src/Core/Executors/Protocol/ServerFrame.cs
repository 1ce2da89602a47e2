namespace Executor.Executors.Protocol;

/// <summary>What the server says to an executor. Closed: registered, run, cancel, drain, result_ack and error are all there are.</summary>
public abstract record ServerFrame
{
    private protected ServerFrame()
    {
    }

    /// <summary>Which frame it is.</summary>
    public abstract string Type { get; }
}
