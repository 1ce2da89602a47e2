namespace Executor.Storage;

/// <summary>
/// Memory that is shared by those who need some of it for a while. What is over it waits its turn, in order; one that needs more than there is
/// goes alone. Safe to call from many threads.
/// </summary>
/// <param name="bytes">How much there is. Range 0 and up.</param>
public sealed class MemoryBudget(long bytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = [];
    private long _taken;

    /// <summary>Takes some, if nobody has to wait for that.</summary>
    /// <returns>To be disposed when it is needed no more; null: there is none, or others wait.</returns>
    public MemoryShare? TryTake(long count)
    {
        lock (_lock)
        {
            if (_waiting.Count > 0 || !Fits(count))
            {
                return null;
            }

            _taken += count;
            return new MemoryShare(this, count);
        }
    }

    /// <summary>Waits for some.</summary>
    /// <returns>To be disposed when it is needed no more.</returns>
    public async Task<MemoryShare> TakeAsync(long count, CancellationToken cancellationToken)
    {
        LinkedListNode<Waiter> place;
        lock (_lock)
        {
            if (TryTake(count) is MemoryShare share)
            {
                return share;
            }

            place = _waiting.AddLast(new Waiter(count));
        }

        await using CancellationTokenRegistration abandon = cancellationToken.Register(() => Abandon(place, cancellationToken));
        return await place.Value.Task;
    }

    internal void Return(long count)
    {
        lock (_lock)
        {
            _taken -= count;
            Serve();
        }
    }

    private void Abandon(LinkedListNode<Waiter> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
                place.Value.TrySetCanceled(cancellationToken);
                Serve();
            }
        }
    }

    private void Serve()
    {
        while (_waiting.First?.Value is Waiter next && Fits(next.Count))
        {
            _waiting.RemoveFirst();
            _taken += next.Count;
            next.SetResult(new MemoryShare(this, next.Count));
        }
    }

    private bool Fits(long count) => _taken == 0 || _taken + count <= bytes;

    private sealed class Waiter(long count) : TaskCompletionSource<MemoryShare>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Count { get; } = count;
    }
}
