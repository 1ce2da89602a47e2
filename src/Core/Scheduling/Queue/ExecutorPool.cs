namespace Executor.Scheduling;

/// <summary>The executors with equal profiles.</summary>
internal sealed class ExecutorPool(ExecutorProfile profile, StepCounter counter)
{
    private static readonly RoomQuery OneSlot = new(TaskRequirements.None.Resources);

    public ExecutorProfile Profile { get; } = profile;

    /// <summary>Those that accept tasks and are not reserved, least loaded first. Amounts are negated: see <see cref="RoomQuery"/>.</summary>
    public FirstFitTree<LoadOrder, ExecutorState> Open { get; } = new(counter);

    /// <summary>Those that accept tasks and are reserved.</summary>
    public List<ExecutorState> Reserved { get; } = [];

    /// <summary>What may be given to them.</summary>
    public HashSet<RequirementGroup> Groups { get; } = [];

    /// <summary>Its executors, draining ones included.</summary>
    public int Members { get; set; }

    /// <summary>Whether any of them has a free slot.</summary>
    public bool HasRoom =>
        Open.FindFirst(OneSlot) is not null || Reserved.Exists(executor => executor.Ledger.Free.Slots > 0);

    /// <summary>Lets the executor be given tasks; to be called again whenever its ledger has changed.</summary>
    public void File(ExecutorState executor)
    {
        Hide(executor);
        if (!executor.IsDraining && executor.ReservedLines.Count == 0)
        {
            executor.Node = Open.Add(executor.Order, executor.Ledger.Free.Negated(), executor);
        }
    }

    /// <summary>Takes the executor out of <see cref="Open"/> until it is filed again.</summary>
    public void Hide(ExecutorState executor)
    {
        if (executor.Node is not null)
        {
            Open.Remove(executor.Node);
            executor.Node = null;
        }
    }

    /// <summary>Gives the executor tasks again.</summary>
    public void Reopen(ExecutorState executor)
    {
        executor.IsDraining = false;
        File(executor);
    }

    /// <summary>Gives the executor nothing more.</summary>
    public void Close(ExecutorState executor)
    {
        while (executor.ReservedLines.Count > 0)
        {
            Unreserve(executor, executor.ReservedLines[^1]);
        }

        executor.IsDraining = true;
        File(executor);
    }

    /// <summary>Keeps room on the executor for the head of the line.</summary>
    public void Reserve(ExecutorState executor, WaitingLine line, long ticks)
    {
        executor.ReservedLines.Add(line);
        line.ReservedExecutors.Add(executor);
        line.LastReserved = ticks;
        if (executor.ReservedLines.Count == 1)
        {
            Reserved.Add(executor);
            File(executor);
        }
    }

    /// <summary>Keeps no room for the line on any executor.</summary>
    public static void Unreserve(WaitingLine line)
    {
        while (line.IsReserved)
        {
            ExecutorState executor = line.ReservedExecutors[^1];
            executor.Pool.Unreserve(executor, line);
        }
    }

    private void Unreserve(ExecutorState executor, WaitingLine line)
    {
        line.ReservedExecutors.Remove(executor);
        executor.ReservedLines.Remove(line);
        if (executor.ReservedLines.Count == 0)
        {
            Reserved.Remove(executor);
            File(executor);
        }
    }
}
