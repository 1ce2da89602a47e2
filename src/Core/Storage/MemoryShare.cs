namespace Executor.Storage;

/// <summary>Memory that was taken of a <see cref="MemoryBudget"/>; given back when it is disposed.</summary>
public sealed class MemoryShare : IDisposable
{
    private readonly MemoryBudget _budget;
    private long _count;

    internal MemoryShare(MemoryBudget budget, long count) => (_budget, _count) = (budget, count);

    /// <inheritdoc/>
    public void Dispose() => _budget.Return(Interlocked.Exchange(ref _count, 0));
}
