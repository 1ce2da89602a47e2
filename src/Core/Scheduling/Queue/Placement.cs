namespace Executor.Scheduling;

/// <summary>Finds what fits where. Changes nothing but the count of tasks passed over and the reservations that follow from it.</summary>
internal sealed class Placement(SchedulingOptions options, StepCounter counter)
{
    /// <summary>The first line in order whose head the executor has room for; null: none.</summary>
    public WaitingLine? BestFor(ExecutorState executor)
    {
        WaitingLine? best = null;
        if (executor.IsDraining || executor.Ledger.Free.Slots == 0)
        {
            return best;
        }

        foreach (RequirementGroup group in executor.Pool.Groups)
        {
            counter.Step();
            best = BestFor(executor, group, best?.Head!.Order) ?? best;
        }

        return best;
    }

    /// <summary>The first line of the group whose head any executor has room for; null: none.</summary>
    public WaitingLine? BestAnywhere(RequirementGroup group)
    {
        counter.Step();
        WaitingLine? best = group.Lines.FindFirst(new PlaceableLineQuery(group.Pools));
        foreach (ExecutorPool pool in group.Pools)
        {
            foreach (ExecutorState executor in pool.Reserved)
            {
                best = BestFor(executor, group, best?.Head!.Order) ?? best;
            }
        }

        return best;
    }

    /// <summary>The least loaded executor that has room for the head of the line; null: none.</summary>
    /// <param name="line">The line.</param>
    /// <param name="except">One that is not to be found.</param>
    public static ExecutorState? LeastLoaded(WaitingLine line, ExecutorState? except = null)
    {
        except?.Pool.Hide(except);
        ExecutorState? best = null;
        RoomQuery query = new(line.Requirements.Resources);
        foreach (ExecutorPool pool in line.Group.Pools)
        {
            best = LessLoaded(best, pool.Open.FindFirst(query));
            foreach (ExecutorState executor in pool.Reserved)
            {
                best = executor != except && executor.HasRoomFor(line) ? LessLoaded(best, executor) : best;
            }
        }

        except?.Pool.File(except);
        return best;
    }

    /// <summary>
    /// Whether the executor is to keep room rather than be given the head of this line, because that would set back an earlier
    /// task which has been passed over too often or for too long. From then on it is reserved for that task.
    /// </summary>
    public bool KeepsRoom(ExecutorState executor, WaitingLine line, long ticks)
    {
        WaitingLine? earlier = null;
        WaitingOrder limit = line.Head!.Order;
        SetBackLineQuery query = new(executor, line.Requirements.Resources, ticks - options.MaxPassTime.Ticks);
        foreach (RequirementGroup group in executor.Pool.Groups)
        {
            counter.Step();
            if (group.Lines.FindFirst(query, limit) is WaitingLine found)
            {
                earlier = found;
                limit = found.Head!.Order;
            }
        }

        if (earlier is null || earlier.MayBePassed(ticks, options))
        {
            return false;
        }

        executor.Pool.Reserve(executor, earlier, ticks);
        return true;
    }

    private static WaitingLine? BestFor(ExecutorState executor, RequirementGroup group, WaitingOrder? limit)
    {
        ResourceAmounts free = executor.Ledger.Free;
        if (executor.ReservedLines.Count > 1)
        {
            executor.ReservedLines.Sort(static (a, b) => a.Head!.Order.CompareTo(b.Head!.Order));
        }

        // What comes before a task for which room is kept may use that room, what comes after it may not.
        foreach (WaitingLine reserved in executor.ReservedLines)
        {
            WaitingOrder turn = reserved.Head!.Order;
            if (limit is WaitingOrder before && before.IsBefore(turn))
            {
                break;
            }

            if (group.Lines.FindFirst(new LineQuery(free), turn) is WaitingLine earlier)
            {
                return earlier;
            }

            if (reserved.Group == group && reserved.Requirements.Resources.FitsIn(free))
            {
                return reserved;
            }

            free = free.Less(reserved.Requirements.Resources).AtLeastZero();
        }

        return group.Lines.FindFirst(new LineQuery(free), limit);
    }

    private static ExecutorState? LessLoaded(ExecutorState? a, ExecutorState? b) =>
        a is null || (b is not null && b.Order.CompareTo(a.Order) < 0) ? b : a;
}
