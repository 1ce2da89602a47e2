using Executor.Tasks;

namespace Executor.Runners.Agent;

/// <summary>A started agent's two ends and how to be rid of it: a local process, a container's, or one behind SSH.</summary>
public abstract class AgentTransport : IAsyncDisposable
{
    /// <summary>Where frames for the agent are written.</summary>
    public abstract Stream Input { get; }

    /// <summary>Where frames from the agent are read.</summary>
    public abstract Stream Output { get; }

    /// <summary>Whether the agent's files and control groups are this machine's.</summary>
    public virtual bool IsOnThisMachine => true;

    /// <summary>Why the agent was lost, where that is known better than from what it printed; else null.</summary>
    public virtual RunnerException? Failure => null;

    /// <summary>Ends the agent and reads what its interpreter had printed to standard error, for the message about its end.</summary>
    public abstract string ReadDiagnostics();

    /// <summary>Ends the agent at once, and with it whatever runs in it.</summary>
    public abstract void Kill();

    /// <summary>Ends the agent and waits until it is gone.</summary>
    public abstract ValueTask DisposeAsync();
}
