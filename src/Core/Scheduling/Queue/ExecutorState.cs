namespace Executor.Scheduling;

/// <summary>A registered executor.</summary>
internal sealed class ExecutorState(string id, ExecutorOffer offer, ExecutorPool pool, long registered)
{
    /// <summary>Which task was passed over here (its sequence), since when, and how often.</summary>
    private long _passedSequence = -1;
    private long _passedSince;
    private int _passes;

    private int _leasePosition;

    public string Id { get; } = id;

    public ExecutorOffer Offer { get; } = offer;

    public ExecutorPool Pool { get; } = pool;

    /// <summary>Its rank among equally loaded ones.</summary>
    public long Registered { get; } = registered;

    public ResourceLedger Ledger { get; } = new(offer);

    public HashSet<Holding> Held { get; } = [];

    public bool IsDraining { get; set; }

    /// <summary>When it is lost, in UTC ticks, and its position in the heap of leases; it is not in it when it has no lease.</summary>
    public long LeaseExpiresAt { get; set; } = QueueEntry.Never;

    public ref int LeasePosition => ref _leasePosition;

    /// <summary>Where it stands in its pool; null while it is reserved or draining.</summary>
    public FirstFitTree<LoadOrder, ExecutorState>.Node? Node { get; set; }

    /// <summary>The line for whose head room is kept; null: none.</summary>
    public WaitingLine? ReservedLine { get; set; }

    public LoadOrder Order => new(Ledger.Load, Registered);

    /// <summary>What is left for tasks that come after the one for which room is kept.</summary>
    public ResourceAmounts FreeBesideReserved =>
        ReservedLine is null ? Ledger.Free : Ledger.Free.Less(ReservedLine.Requirements.Resources).AtLeastZero();

    /// <summary>Whether the head of the line may be given to it now.</summary>
    public bool HasRoomFor(WaitingLine line)
    {
        bool goesFirst = ReservedLine is null || line == ReservedLine || line.Head!.Order.IsBefore(ReservedLine.Head!.Order);
        return line.Requirements.Resources.FitsIn(goesFirst ? Ledger.Free : FreeBesideReserved);
    }

    /// <summary>
    /// Counts that a task which it could hold, but has no room for, is passed over here.
    /// </summary>
    /// <returns>Whether that is still within what the options allow.</returns>
    public bool MayPass(QueueEntry passed, long ticks, SchedulingOptions options)
    {
        if (_passedSequence != passed.Sequence)
        {
            (_passedSequence, _passedSince, _passes) = (passed.Sequence, ticks, 0);
        }

        return ++_passes <= options.MaxPasses && ticks - _passedSince < options.MaxPassTime.Ticks;
    }

    /// <summary>Forgets which task was passed over.</summary>
    public void Forget() => _passedSequence = -1;

    public long LeaseFrom(DateTimeOffset now) => Offer.Lease is TimeSpan lease ? (now + lease).UtcTicks : QueueEntry.Never;
}

/// <summary>A task in the hands of an executor.</summary>
internal sealed class Holding(QueueEntry entry, ExecutorState executor, IReadOnlyList<int> devices)
{
    private int _leasePosition;

    public QueueEntry Entry { get; } = entry;

    public ExecutorState Executor { get; } = executor;

    public IReadOnlyList<int> Devices { get; } = devices;

    public long LeaseExpiresAt { get; set; } = QueueEntry.Never;

    public ref int LeasePosition => ref _leasePosition;

    public HeldTask Task => new(Entry.Task, Executor.Id);
}
