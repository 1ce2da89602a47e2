namespace Executor.Scheduling;

/// <summary>A registered executor.</summary>
internal sealed class ExecutorState(string id, ExecutorOffer offer, ExecutorPool pool, long registered)
{
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

    /// <summary>The lines for whose heads room is kept.</summary>
    public List<WaitingLine> ReservedLines { get; } = [];

    public LoadOrder Order => new(Ledger.Load, Registered);

    /// <summary>Whether the head of the line may be given to it now: what is kept for earlier tasks is not free for it.</summary>
    public bool HasRoomFor(WaitingLine line)
    {
        ResourceAmounts free = Ledger.Free;
        WaitingOrder turn = line.Head!.Order;
        foreach (WaitingLine reserved in ReservedLines)
        {
            if (reserved.Head!.Order.IsBefore(turn))
            {
                free = free.Less(reserved.Requirements.Resources).AtLeastZero();
            }
        }

        return line.Requirements.Resources.FitsIn(free);
    }

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
