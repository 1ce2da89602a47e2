namespace Executor.Scheduling;

/// <summary>What a <see cref="FirstFitTree{TKey,TItem}"/> is searched for.</summary>
internal interface IFitQuery<TItem>
{
    /// <summary>
    /// Whether amounts that are, each by itself, from <paramref name="least"/> to <paramref name="most"/> might do. Asked of a
    /// subtree with the least and the most in it, and of an item with its own amounts as both.
    /// </summary>
    bool MayFit(in ResourceAmounts least, in ResourceAmounts most);

    /// <summary>Whether the item, whose amounts might do, will do.</summary>
    bool Accepts(TItem item);
}
