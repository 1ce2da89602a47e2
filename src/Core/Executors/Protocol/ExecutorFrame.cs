using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>What an executor says to the server. Closed: register, output, result, heartbeat, drain and leave are all there are.</summary>
public abstract record ExecutorFrame
{
    private protected ExecutorFrame()
    {
    }

    /// <summary>Which frame it is.</summary>
    public abstract string Type { get; }

    /// <summary>What is wrong with its values, by the wire's field names.</summary>
    internal virtual IEnumerable<ValidationFault> Faults() => [];
}
