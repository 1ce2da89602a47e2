using Executor.Scheduling;
using Executor.Tasks;

namespace Executor.Executors.Protocol;

/// <summary>A sign of life, at least three times a lease: renews the lease of the executor and of what it runs.</summary>
/// <param name="Running">Everything it runs, or has results of that were not acknowledged.</param>
public sealed record HeartbeatFrame(IReadOnlyList<TaskAttempt> Running) : ExecutorFrame
{
    /// <inheritdoc/>
    public override string Type => "heartbeat";

    internal override IEnumerable<ValidationFault> Faults() => AttemptFaults.Of(Running, "running");
}
