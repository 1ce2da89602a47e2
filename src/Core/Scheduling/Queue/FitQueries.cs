namespace Executor.Scheduling;

/// <summary>A line whose head takes no more than what there is.</summary>
internal readonly struct LineQuery(ResourceAmounts free) : IFitQuery<WaitingLine>
{
    public bool Fits(in ResourceAmounts amounts) => amounts.FitsIn(free);

    public bool Accepts(WaitingLine item) => true;
}

/// <summary>A line whose head an executor could hold if it were idle, and for which it keeps room or may begin to.</summary>
/// <param name="executor">The executor.</param>
/// <param name="reservedBefore">It may begin to when no other executor has begun to after this time, in UTC ticks.</param>
internal readonly struct HoldableLineQuery(ExecutorState executor, long reservedBefore) : IFitQuery<WaitingLine>
{
    private readonly ResourceAmounts _total = executor.Ledger.Total;

    public bool Fits(in ResourceAmounts amounts) => amounts.FitsIn(_total);

    public bool Accepts(WaitingLine item) =>
        !item.IsReserved || item == executor.ReservedLine || item.LastReserved <= reservedBefore;
}

/// <summary>A line whose head some unreserved executor of these pools has room for.</summary>
internal readonly struct PlaceableLineQuery(HashSet<ExecutorPool> pools) : IFitQuery<WaitingLine>
{
    public bool Fits(in ResourceAmounts amounts)
    {
        foreach (ExecutorPool pool in pools)
        {
            if (pool.Open.FindFirst(new RoomQuery(amounts)) is not null)
            {
                return true;
            }
        }

        return false;
    }

    public bool Accepts(WaitingLine item) => true;
}

/// <summary>An executor that has room. The tree finds what is small enough, so both sides are negated.</summary>
internal readonly struct RoomQuery(ResourceAmounts needed) : IFitQuery<ExecutorState>
{
    private readonly ResourceAmounts _most = needed.Negated();

    public bool Fits(in ResourceAmounts amounts) => amounts.FitsIn(_most);

    public bool Accepts(ExecutorState item) => true;
}
