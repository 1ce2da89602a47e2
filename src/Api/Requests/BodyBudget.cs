namespace Executor.Api.Requests;

/// <summary>
/// Memory for request bodies, shared by all requests: many clients with large bodies at once are told to come again instead of filling
/// the memory.
/// </summary>
/// <param name="bytes">How much there is.</param>
internal sealed class BodyBudget(long bytes)
{
    private long _left = bytes;

    /// <summary>An eighth of this machine's memory for programs, but at least eight of the largest bodies and at most 1 GiB of them.</summary>
    public static BodyBudget For(long maxBodyBytes) =>
        new(long.Max(8 * maxBodyBytes, long.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8, 1L << 30)));

    /// <summary>Takes that many bytes, if there are.</summary>
    public bool TryTake(long count)
    {
        if (Interlocked.Add(ref _left, -count) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, count);
        return false;
    }

    public void Return(long count) => Interlocked.Add(ref _left, count);
}
