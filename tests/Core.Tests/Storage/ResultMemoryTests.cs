using Executor.Tasks;

namespace Executor.Storage;

/// <summary>How many results are in memory for those who read them.</summary>
public sealed class ResultMemoryTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ResultMemory _memory = new(1 << 20);
    private int _reads;

    [Fact]
    public async Task Large_result_waits_until_another_is_let_go_of_and_is_not_in_memory_meanwhile()
    {
        HeldResult first = (await _memory.ReadAsync(Read(300_000), None))!;
        WeakReference waiting = new(null);
        Task<HeldResult?> second = _memory.ReadAsync(_ => Task.FromResult<TaskResult?>(Remember(waiting)), None);
        Assert.False(second.IsCompleted);
        GC.Collect();
        Assert.False(waiting.IsAlive);

        first.Dispose();

        using HeldResult held = (await second)!;
        Assert.Equal(300_000, held.Result.Stdout.Length);
        Assert.True(held.IsCounted);
    }

    [Fact]
    public async Task Small_results_never_wait()
    {
        using HeldResult large = (await _memory.ReadAsync(Read(2_000_000), None))!;
        Task<HeldResult?>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => _memory.ReadAsync(Read(100_000), None))];

        using HeldResult small = (await _memory.ReadAsync(Read(1_000), None))!;

        Assert.False(small.IsCounted);
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);
        large.Dispose();
        foreach (Task<HeldResult?> wait in waiting)
        {
            (await wait)!.Dispose();
        }
    }

    [Fact]
    public async Task Result_that_came_by_a_wait_is_read_when_there_is_room()
    {
        HeldResult large = (await _memory.ReadAsync(Read(500_000), None))!;
        Task<HeldResult?> second = _memory.HoldAsync(Read(400_000)(None), Read(400_000), None);
        Assert.False(second.IsCompleted);
        int before = _reads;

        large.Dispose();

        using HeldResult held = (await second)!;
        Assert.Equal(before + 1, _reads);
    }

    [Fact]
    public async Task Result_that_is_removed_meanwhile_gives_its_memory_back()
    {
        HeldResult large = (await _memory.ReadAsync(Read(500_000), None))!;
        int reads = 0;
        Task<HeldResult?> second = _memory.ReadAsync(_ => Task.FromResult(reads++ == 0 ? Result(500_000) : null), None);
        large.Dispose();

        Assert.Null(await second);
        using HeldResult whole = (await _memory.ReadAsync(Read(520_000), None))!;
        Assert.Null(await _memory.ReadAsync(_ => Task.FromResult<TaskResult?>(null), None));
    }

    [Fact]
    public async Task One_that_waits_can_give_up()
    {
        using HeldResult large = (await _memory.ReadAsync(Read(500_000), None))!;
        using CancellationTokenSource tired = new();
        Task<MemoryShare?> second = _memory.ReserveAsync(Read(500_000), tired.Token);
        await tired.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private static TaskResult Remember(WeakReference place)
    {
        TaskResult result = Result(300_000)!;
        place.Target = result;
        return result;
    }

    private static TaskResult? Result(int length) => new() { TaskId = "t", Status = ExecutionStatus.Completed, Stdout = new string('x', length) };

    private Func<CancellationToken, Task<TaskResult?>> Read(int length) => _ =>
    {
        Interlocked.Increment(ref _reads);
        return Task.FromResult(Result(length));
    };
}
