namespace Executor.Scheduling;

/// <summary>
/// Items in the order of their keys, each with amounts; finds the first item whose amounts fit without visiting those that
/// don't. A treap in which each node knows the least and the most of each amount below it. With one amount a search is O(log n); with
/// several it may enter subtrees in vain where the least of one amount and the least of another belong to different items.
/// </summary>
internal sealed class FirstFitTree<TKey, TItem>(StepCounter counter)
    where TKey : struct, IComparable<TKey>
    where TItem : class
{
    private Node? _root;

    // Shapes the tree, never what it answers. Fixed, so that a run can be repeated step by step.
    private uint _random = 2463534242;

    public bool IsEmpty => _root is null;

    public Node Add(TKey key, in ResourceAmounts amounts, TItem item)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        Node node = new(key, amounts, item, _random);
        _root = Insert(_root, node);
        return node;
    }

    public void Remove(Node node) => _root = Remove(_root, node);

    /// <summary>The first item that fits, of those whose key is before <paramref name="limit"/>; null when there is none.</summary>
    public TItem? FindFirst<TQuery>(in TQuery query, in TKey? limit = null)
        where TQuery : IFitQuery<TItem> => FindFirst(_root, query, limit);

    private TItem? FindFirst<TQuery>(Node? node, in TQuery query, in TKey? limit)
        where TQuery : IFitQuery<TItem>
    {
        while (node is not null)
        {
            counter.Step();
            if (!query.MayFit(node.Least, node.Most))
            {
                return null;
            }

            if (FindFirst(node.Left, query, limit) is TItem found)
            {
                return found;
            }

            if (limit is TKey before && node.Key.CompareTo(before) >= 0)
            {
                return null;
            }

            if (query.MayFit(node.Amounts, node.Amounts) && query.Accepts(node.Item))
            {
                return node.Item;
            }

            node = node.Right;
        }

        return null;
    }

    private Node Insert(Node? at, Node node)
    {
        if (at is null)
        {
            return node;
        }

        counter.Step();
        if (node.Rank > at.Rank)
        {
            (node.Left, node.Right) = Split(at, node.Key);
            node.Update();
            return node;
        }

        if (node.Key.CompareTo(at.Key) < 0)
        {
            at.Left = Insert(at.Left, node);
        }
        else
        {
            at.Right = Insert(at.Right, node);
        }

        at.Update();
        return at;
    }

    private (Node? Before, Node? After) Split(Node? at, in TKey key)
    {
        if (at is null)
        {
            return (null, null);
        }

        counter.Step();
        if (at.Key.CompareTo(key) < 0)
        {
            (at.Right, Node? after) = Split(at.Right, key);
            at.Update();
            return (at, after);
        }

        (Node? before, at.Left) = Split(at.Left, key);
        at.Update();
        return (before, at);
    }

    private Node? Remove(Node? at, Node node)
    {
        counter.Step();
        if (ReferenceEquals(at, node))
        {
            return Merge(node.Left, node.Right);
        }

        if (at is null)
        {
            throw new InvalidOperationException("The node is not in the tree.");
        }

        if (node.Key.CompareTo(at.Key) < 0)
        {
            at.Left = Remove(at.Left, node);
        }
        else
        {
            at.Right = Remove(at.Right, node);
        }

        at.Update();
        return at;
    }

    private Node? Merge(Node? before, Node? after)
    {
        if (before is null || after is null)
        {
            return before ?? after;
        }

        counter.Step();
        if (before.Rank > after.Rank)
        {
            before.Right = Merge(before.Right, after);
            before.Update();
            return before;
        }

        after.Left = Merge(before, after.Left);
        after.Update();
        return after;
    }

    internal sealed class Node(TKey key, ResourceAmounts amounts, TItem item, uint rank)
    {
        public readonly TKey Key = key;
        public readonly ResourceAmounts Amounts = amounts;
        public readonly TItem Item = item;
        public readonly uint Rank = rank;

        public ResourceAmounts Least = amounts;
        public ResourceAmounts Most = amounts;
        public Node? Left;
        public Node? Right;

        public void Update()
        {
            Least = Most = Amounts;
            Include(Left);
            Include(Right);
        }

        private void Include(Node? below)
        {
            if (below is not null)
            {
                Least = ResourceAmounts.Min(Least, below.Least);
                Most = ResourceAmounts.Max(Most, below.Most);
            }
        }
    }
}
