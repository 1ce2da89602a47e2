namespace Executor.Scheduling;

/// <summary>A line whose head takes no more than what there is.</summary>
internal readonly struct LineQuery(ResourceAmounts free) : IFitQuery<WaitingLine>
{
    public bool MayFit(in ResourceAmounts least, in ResourceAmounts most) => least.FitsIn(free);

    public bool Accepts(WaitingLine item) => true;
}

/// <summary>A line whose head some unreserved executor of these pools has room for.</summary>
internal readonly struct PlaceableLineQuery(HashSet<ExecutorPool> pools) : IFitQuery<WaitingLine>
{
    public bool MayFit(in ResourceAmounts least, in ResourceAmounts most)
    {
        foreach (ExecutorPool pool in pools)
        {
            if (pool.Open.FindFirst(new RoomQuery(least)) is not null)
            {
                return true;
            }
        }

        return false;
    }

    public bool Accepts(WaitingLine item) => true;
}

/// <summary>
/// A line whose head is set back when an executor is given another task: the executor could hold it if it were idle, may be
/// reserved for it, and would not have what it needs beside that task. (One that the executor is reserved for is not set back:
/// only tasks that leave its room alone are given.)
/// </summary>
/// <param name="executor">The executor.</param>
/// <param name="given">What the other task takes.</param>
/// <param name="reservedBefore">When an executor must last have been reserved for a line, in UTC ticks, if a further one is to be.</param>
internal readonly struct SetBackLineQuery(ExecutorState executor, ResourceAmounts given, long reservedBefore)
    : IFitQuery<WaitingLine>
{
    private readonly ResourceAmounts _total = executor.Ledger.Total;
    private readonly ResourceAmounts _left = executor.Ledger.Free.Less(given);

    public bool MayFit(in ResourceAmounts least, in ResourceAmounts most) =>
        least.FitsIn(_total)
        && (most.Slots > _left.Slots
            || (given.CpuMillis > 0 && most.CpuMillis > _left.CpuMillis)
            || (given.MemoryMb > 0 && most.MemoryMb > _left.MemoryMb)
            || (given.Gpus > 0 && most.Gpus > _left.Gpus));

    public bool Accepts(WaitingLine item) => !item.IsReserved || item.LastReserved <= reservedBefore;
}

/// <summary>An executor that has room. The tree finds what is small enough, so both sides are negated.</summary>
internal readonly struct RoomQuery(ResourceAmounts needed) : IFitQuery<ExecutorState>
{
    private readonly ResourceAmounts _most = needed.Negated();

    public bool MayFit(in ResourceAmounts least, in ResourceAmounts most) => least.FitsIn(_most);

    public bool Accepts(ExecutorState item) => true;
}
