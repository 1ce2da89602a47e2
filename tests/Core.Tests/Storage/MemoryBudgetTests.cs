using CsCheck;

namespace Executor.Storage;

/// <summary>Who gets memory of a budget, and when.</summary>
public sealed class MemoryBudgetTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly MemoryBudget _budget = new(100);

    [Fact]
    public async Task What_is_over_the_budget_waits_its_turn()
    {
        MemoryShare first = await _budget.TakeAsync(60, None);
        Task<MemoryShare> second = _budget.TakeAsync(60, None);
        Task<MemoryShare> third = _budget.TakeAsync(10, None);
        Assert.False(second.IsCompleted);
        Assert.False(third.IsCompleted);
        Assert.Null(_budget.TryTake(1));

        first.Dispose();

        await Task.WhenAll(second, third);
        Assert.Null(_budget.TryTake(31));
        Assert.NotNull(_budget.TryTake(30));
    }

    [Fact]
    public async Task Larger_than_the_budget_goes_alone()
    {
        MemoryShare small = await _budget.TakeAsync(1, None);
        Task<MemoryShare> huge = _budget.TakeAsync(1_000, None);
        Assert.False(huge.IsCompleted);

        small.Dispose();

        using MemoryShare share = await huge;
        Assert.Null(_budget.TryTake(1));
    }

    [Fact]
    public async Task One_that_gives_up_lets_those_behind_it_go()
    {
        MemoryShare first = await _budget.TakeAsync(60, None);
        using CancellationTokenSource tired = new();
        Task<MemoryShare> second = _budget.TakeAsync(100, tired.Token);
        Task<MemoryShare> third = _budget.TakeAsync(40, None);

        await tired.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        (await third).Dispose();
        first.Dispose();
        Assert.NotNull(_budget.TryTake(100));
    }

    [Fact]
    public void Share_that_is_given_back_twice_counts_once()
    {
        MemoryShare share = _budget.TryTake(50)!;
        MemoryShare other = _budget.TryTake(50)!;
        share.Dispose();
        share.Dispose();

        Assert.Null(_budget.TryTake(51));
        other.Dispose();
    }

    [Fact]
    public Task Random_takers_never_have_more_than_there_is_and_all_get_theirs() => Gen.Int[1, 150].Array[1, 40].SampleAsync(async counts =>
    {
        MemoryBudget budget = new(100);
        long taken = 0;
        await Task.WhenAll(counts.Select(async count =>
        {
            using MemoryShare share = await budget.TakeAsync(count, None);
            long now = Interlocked.Add(ref taken, count);
            Assert.True(now <= 100 || now == count);
            await Task.Yield();
            Interlocked.Add(ref taken, -count);
        }));
        return taken == 0;
    }, iter: 200);
}
