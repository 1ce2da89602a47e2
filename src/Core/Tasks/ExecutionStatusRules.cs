namespace Executor.Tasks;

/// <summary>What a status may become. The only place that decides it.</summary>
public static class ExecutionStatusRules
{
    /// <summary>Whether nothing can follow this status.</summary>
    public static bool IsFinal(this ExecutionStatus status) =>
        status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled;

    /// <summary>
    /// Whether <paramref name="from"/> may become <paramref name="to"/>. RUNNING goes back to PENDING only for a retry or
    /// a lost executor, and then the attempt grows by one.
    /// </summary>
    public static bool CanBecome(this ExecutionStatus from, ExecutionStatus to) => (from, to) switch
    {
        (ExecutionStatus.Pending, ExecutionStatus.Running) => true,
        // Cancelled before it ran; failed without running (a failed dependency, a queue timeout).
        (ExecutionStatus.Pending, ExecutionStatus.Cancelled or ExecutionStatus.Failed) => true,
        (ExecutionStatus.Running, ExecutionStatus.Pending) => true,
        (ExecutionStatus.Running, ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled) => true,
        _ => false,
    };
}
