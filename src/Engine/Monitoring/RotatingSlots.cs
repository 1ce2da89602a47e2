namespace Executor.Engine.Monitoring;

/// <summary>
/// A window of time made of equal slots, of which the newest is written. Many threads may write and read at once, without a lock: a slot
/// whose time is over is not cleared but replaced, so nobody adds to a slot while it is emptied.
/// </summary>
/// <typeparam name="T">What a slot holds.</typeparam>
/// <param name="length">The length of a slot, in any unit.</param>
/// <param name="count">How many slots the window has.</param>
internal sealed class RotatingSlots<T>(long length, int count)
    where T : class, new()
{
    private readonly Slot?[] _slots = new Slot?[count];

    /// <summary>The slot of a time.</summary>
    /// <param name="elapsed">Since the beginning, in the unit of the length.</param>
    /// <returns>What it holds; null: that time has left the window.</returns>
    public T? At(long elapsed)
    {
        long epoch = elapsed / length;
        ref Slot? place = ref _slots[epoch % count];
        Slot? current = Volatile.Read(ref place);
        while (current is null || current.Epoch < epoch)
        {
            Slot next = new(epoch);
            Slot? found = Interlocked.CompareExchange(ref place, next, current);
            if (ReferenceEquals(found, current))
            {
                return next.Content;
            }

            current = found;
        }

        return current.Epoch == epoch ? current.Content : null;
    }

    /// <summary>What the slots of the window that ends now hold, in no order; slots in which nothing happened are left out.</summary>
    /// <param name="elapsed">Now.</param>
    public IEnumerable<T> Read(long elapsed)
    {
        long oldest = OldestEpoch(elapsed);
        for (int i = 0; i < count; i++)
        {
            if (Volatile.Read(ref _slots[i]) is Slot slot && slot.Epoch >= oldest)
            {
                yield return slot.Content;
            }
        }
    }

    /// <summary>How much time <see cref="Read"/> covers: less than the window at the beginning, and for the slot that is not full yet.</summary>
    public long Covered(long elapsed) => elapsed - (OldestEpoch(elapsed) * length);

    private long OldestEpoch(long elapsed) => long.Max((elapsed / length) - count + 1, 0);

    private sealed class Slot(long epoch)
    {
        public long Epoch { get; } = epoch;

        public T Content { get; } = new();
    }
}
