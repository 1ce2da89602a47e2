namespace Executor.Library;

/// <summary>How a <see cref="ParallelExecutor"/> runs tasks.</summary>
public enum ParallelMode
{
    /// <summary>Independent tasks at the same time.</summary>
    Parallel,

    /// <summary>One task at a time: of those whose parents have ended the highest priority first, equal ones as they came.</summary>
    Sequential,

    /// <summary>As <see cref="Parallel"/>, with every task isolated: functions of this process, which can't be, are refused.</summary>
    Sandboxed,
}
