namespace Executor.Scheduling;

public sealed partial class SchedulingQueue
{
    /// <summary>How long a task waits for another executor than the one that failed it, before it is looked at again.</summary>
    private static readonly TimeSpan AvoidFor = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<RequirementGroup, WaitingOrder> _round = new();
    private long _rounds;

    /// <summary>
    /// Gives waiting tasks to executors, one after the other: the first in order that fits anywhere, to the least loaded executor
    /// where it fits (the first registered, when equally loaded), until nothing fits.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="max">The most to give. Default no bound.</param>
    public IReadOnlyList<Assignment> Assign(DateTimeOffset now, int max = int.MaxValue)
    {
        _waiting.Advance(now.UtcTicks, _tasks);
        List<Assignment> given = [];
        while (given.Count < max && AssignRound(now, max, given))
        {
        }

        return given;
    }

    /// <summary>Gives waiting tasks to one executor that asks for them: the first in order that fits, until nothing does.</summary>
    /// <param name="executorId">The executor; an unknown or draining one is given nothing.</param>
    /// <param name="max">The most to give.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<Assignment> AssignTo(string executorId, int max, DateTimeOffset now)
    {
        _waiting.Advance(now.UtcTicks, _tasks);
        List<Assignment> given = [];
        if (_executors.TryGetValue(executorId, out ExecutorState? executor))
        {
            while (given.Count < max && _placement.BestFor(executor) is WaitingLine line)
            {
                if (line.Head!.Avoid == executorId && OthersCouldTake(line, executor))
                {
                    _waiting.SetAside(line.Head, (now + AvoidFor).UtcTicks);
                }
                else if (!_placement.KeepsRoom(executor, line, now.UtcTicks))
                {
                    given.Add(Give(line, executor, now));
                }
            }
        }

        return given;
    }

    /// <summary>
    /// Gives until nothing fits or a reservation is lifted. While none is, what fits only grows less, so each group's
    /// best line needs looking up again only when the group's turn comes.
    /// </summary>
    /// <returns>Whether another round is needed.</returns>
    private bool AssignRound(DateTimeOffset now, int max, List<Assignment> given)
    {
        StartRound();
        while (given.Count < max && _round.TryDequeue(out RequirementGroup? group, out _))
        {
            if (_placement.BestAnywhere(group) is not WaitingLine line)
            {
                continue;
            }

            WaitingOrder turn = line.Head!.Order;
            bool isFirst = !_round.TryPeek(out _, out WaitingOrder next) || turn.IsBefore(next);
            if (!isFirst)
            {
                _round.Enqueue(group, turn);
                continue;
            }

            if (ChooseFor(line) is not ExecutorState executor)
            {
                // Another executor is to take it when that has room; meanwhile those behind it are not held up.
                _waiting.SetAside(line.Head!, (now + AvoidFor).UtcTicks);
                _round.Enqueue(group, turn);
                continue;
            }

            if (!_placement.KeepsRoom(executor, line, now.UtcTicks))
            {
                bool liftsReservation = line.IsReserved;
                given.Add(Give(line, executor, now));
                if (liftsReservation)
                {
                    return true;
                }
            }

            // Not better than it was: the lookup at its next turn corrects it.
            _round.Enqueue(group, turn);
        }

        return false;
    }

    /// <summary>The least loaded executor that has room for the head of the line, but for one that failed it; null: only that one has room, and another could have.</summary>
    private ExecutorState? ChooseFor(WaitingLine line)
    {
        ExecutorState executor = Placement.LeastLoaded(line)!;
        if (line.Head!.Avoid != executor.Id)
        {
            return executor;
        }

        return Placement.LeastLoaded(line, except: executor) ?? (OthersCouldTake(line, executor) ? null : executor);
    }

    /// <summary>Whether any other executor that accepts tasks could hold the head of the line, were it idle. Visits each.</summary>
    private bool OthersCouldTake(WaitingLine line, ExecutorState executor) => _executors.Values.Any(other =>
        other != executor
        && !other.IsDraining
        && line.Group.Pools.Contains(other.Pool)
        && line.Requirements.Resources.FitsIn(other.Offer.Total));

    private void StartRound()
    {
        _round.Clear();
        _rounds++;
        foreach (ExecutorPool pool in _index.Pools)
        {
            if (!pool.HasRoom)
            {
                continue;
            }

            foreach (RequirementGroup group in pool.Groups)
            {
                _counter.Step();
                if (group.Round != _rounds && _placement.BestAnywhere(group) is WaitingLine line)
                {
                    _round.Enqueue(group, line.Head!.Order);
                }

                group.Round = _rounds;
            }
        }
    }

    private Assignment Give(WaitingLine line, ExecutorState executor, DateTimeOffset now)
    {
        QueueEntry entry = line.Head!;
        ExecutorPool.Unreserve(line);
        _waiting.Remove(entry);
        Holding holding = new(entry, executor, executor.Ledger.Take(line.Requirements.Resources))
        {
            LeaseExpiresAt = executor.LeaseFrom(now),
        };
        Hold(holding);
        executor.Pool.File(executor);
        return new Assignment(
            entry.Task,
            executor.Id,
            holding.Devices,
            holding.LeaseExpiresAt == QueueEntry.Never ? null : new DateTimeOffset(holding.LeaseExpiresAt, TimeSpan.Zero));
    }

    private void Hold(Holding holding)
    {
        holding.Entry.Holding = holding;
        holding.Executor.Held.Add(holding);
        if (holding.LeaseExpiresAt != QueueEntry.Never)
        {
            _taskLeases.Add(holding);
        }
    }
}
