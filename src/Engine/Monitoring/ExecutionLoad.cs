using Executor.Execution;

namespace Executor.Engine.Monitoring;

/// <summary>What is true of the host at this moment; the rest of <see cref="ExecutionMetrics"/> is counted.</summary>
/// <param name="Waiting">Tasks that wait for an executor or a parent.</param>
/// <param name="Running">Tasks that executors hold.</param>
/// <param name="Executors">Executors that take tasks.</param>
/// <param name="Slots">Tasks at once that those could hold together.</param>
public readonly record struct ExecutionLoad(long Waiting, long Running, int Executors, long Slots)
{
    /// <summary>The fraction of the slots that is taken. Range 0 to 1; 0 when there are none.</summary>
    public double Utilization => Slots > 0 ? double.Clamp((double)Running / Slots, 0, 1) : 0;
}
