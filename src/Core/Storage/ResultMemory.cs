using Executor.Tasks;

namespace Executor.Storage;

/// <summary>
/// Memory for stored results while they are on their way to somebody: those that read them, and those that are called back. What is over it waits,
/// and is not in memory meanwhile. Small results are free, so that those who read large ones slowly can't keep them out.
/// </summary>
/// <param name="bytes">How much there is. A larger result goes alone. Range 0 and up.</param>
public sealed class ResultMemory(long bytes)
{
    /// <summary>Up to this size a result is free.</summary>
    public const long FreeBytes = 64 << 10;

    // How large a result is shows only when it has been read: so many are in memory that nobody has counted yet.
    private const int ReadsAtOnce = 4;

    private readonly MemoryBudget _budget = new(bytes);
    private readonly MemoryBudget _reads = new(ReadsAtOnce);

    /// <summary>
    /// What this process has for all of them: a sixteenth of the memory that it may use, from 32 to 256 MiB, which is one to eight of the largest outputs that a
    /// store keeps by default.
    /// </summary>
    public static ResultMemory OfThisProcess { get; } = new(long.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 32L << 20, 256L << 20));

    /// <summary>Reads a result when there is room for it.</summary>
    /// <param name="read">Reads it, as often as it is asked; null: there is none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>To be disposed when the result is needed no more; null: there is none.</returns>
    public async Task<HeldResult?> ReadAsync(Func<CancellationToken, Task<TaskResult?>> read, CancellationToken cancellationToken)
    {
        HeldResult? held;
        long size;
        using (await _reads.TakeAsync(1, cancellationToken))
        {
            held = TryHold(await read(cancellationToken), out size);
        }

        return held is null && size > 0 ? await ReadAgainAsync(read, size, cancellationToken) : held;
    }

    /// <summary>Holds a result that came by another way; where there is no room for it, it is let go of and read when there is.</summary>
    /// <param name="waiting">Gives it; null: there is none.</param>
    /// <param name="read">See <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<HeldResult?> HoldAsync(Task<TaskResult?> waiting, Func<CancellationToken, Task<TaskResult?>> read, CancellationToken cancellationToken)
    {
        HeldResult? held = TryHold(await waiting, out long size);
        waiting = null!;
        return held is null && size > 0 ? await ReadAgainAsync(read, size, cancellationToken) : held;
    }

    /// <summary>Takes the memory for a result that somebody else will read.</summary>
    /// <param name="read">See <see cref="ReadAsync"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>To be disposed when the result is needed no more; null: there is none, or it is free.</returns>
    public async Task<MemoryShare?> ReserveAsync(Func<CancellationToken, Task<TaskResult?>> read, CancellationToken cancellationToken)
    {
        long size;
        using (await _reads.TakeAsync(1, cancellationToken))
        {
            size = await read(cancellationToken) is TaskResult result ? SizeOf(result) : 0;
        }

        return size > FreeBytes ? await _budget.TakeAsync(size, cancellationToken) : null;
    }

    private async Task<HeldResult?> ReadAgainAsync(Func<CancellationToken, Task<TaskResult?>> read, long size, CancellationToken cancellationToken)
    {
        MemoryShare share = await _budget.TakeAsync(size, cancellationToken);
        try
        {
            if (await read(cancellationToken) is TaskResult result)
            {
                HeldResult held = new(result, share);
                share = null!;
                return held;
            }

            return null;
        }
        finally
        {
            share?.Dispose();
        }
    }

    /// <summary>Holds a result if there is room.</summary>
    /// <param name="result">The result.</param>
    /// <param name="size">What it takes; 0: there is none.</param>
    private HeldResult? TryHold(TaskResult? result, out long size)
    {
        size = result is null ? 0 : SizeOf(result);
        return size == 0 ? null
            : size <= FreeBytes ? new HeldResult(result!, share: null)
            : _budget.TryTake(size) is MemoryShare share ? new HeldResult(result!, share)
            : null;
    }

    /// <summary>In bytes. The output is written in pieces; the rest is once more in memory as it is written.</summary>
    private static long SizeOf(TaskResult result)
    {
        long output = TaskSize.OfOutput(result);
        return 1 + (2 * output) + (6 * (TaskSize.Of(result) - output));
    }
}
