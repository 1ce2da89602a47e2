namespace Executor.Scheduling;

/// <summary>How an <see cref="IndexedHeap{T,TOrder}"/> orders its items and tells each where it stands.</summary>
internal interface IHeapOrder<T>
{
    static abstract bool IsBefore(T a, T b);

    /// <summary>Where the item stands; written by the heap, read when the item is removed.</summary>
    static abstract ref int Position(T item);
}

/// <summary>A binary heap from which any item can be removed in O(log n), since each item knows its position.</summary>
internal sealed class IndexedHeap<T, TOrder>(StepCounter counter)
    where T : class
    where TOrder : IHeapOrder<T>
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    public T? First => _items.Count == 0 ? null : _items[0];

    public void Add(T item)
    {
        _items.Add(item);
        Rise(item, _items.Count - 1);
    }

    public void Remove(T item)
    {
        int hole = TOrder.Position(item);
        T last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        if (!ReferenceEquals(last, item))
        {
            Rise(last, hole);
            Sink(last);
        }

        // A burst must not be paid for in memory for ever.
        if (_items.Count < _items.Capacity / 4 && _items.Capacity > 64)
        {
            _items.Capacity /= 2;
        }
    }

    /// <summary>To be called after an item's key has changed.</summary>
    public void Moved(T item)
    {
        Rise(item, TOrder.Position(item));
        Sink(item);
    }

    private void Rise(T item, int at)
    {
        while (at > 0)
        {
            counter.Step();
            int parent = (at - 1) / 2;
            if (!TOrder.IsBefore(item, _items[parent]))
            {
                break;
            }

            Put(_items[parent], at);
            at = parent;
        }

        Put(item, at);
    }

    private void Sink(T item)
    {
        int at = TOrder.Position(item);
        for (int child = (2 * at) + 1; child < _items.Count; child = (2 * at) + 1)
        {
            counter.Step();
            if (child + 1 < _items.Count && TOrder.IsBefore(_items[child + 1], _items[child]))
            {
                child++;
            }

            if (!TOrder.IsBefore(_items[child], item))
            {
                break;
            }

            Put(_items[child], at);
            at = child;
        }

        Put(item, at);
    }

    private void Put(T item, int at)
    {
        _items[at] = item;
        TOrder.Position(item) = at;
    }
}
