using System.Runtime.InteropServices;

namespace Executor.Hosting.Serving;

/// <summary>
/// Gives memory back that a busy time has left behind. The runtime collects when something is allocated: a server that has nothing to do would keep
/// all that it needed when it had most.
/// </summary>
public sealed partial class IdleTrim : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>Allocated within a period by who has nothing to do but its own upkeep.</summary>
    private const long IdleBytes = 2 << 20;

    /// <summary>Allocated since the last time, below which it is not worth a pause.</summary>
    private const long WorthBytes = 64 << 20;

    /// <summary>Idle periods after which it is done once more.</summary>
    private const int IdleAgain = 35;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    private IdleTrim(TimeProvider time) => _running = RunAsync(time);

    /// <summary>Begins to look.</summary>
    public static IdleTrim Start(TimeProvider time) => new(time);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(TimeProvider time)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            long last = 0;
            long trimmed = 0;
            int idle = 0;
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                long allocated = GC.GetTotalAllocatedBytes();
                idle = allocated - last < IdleBytes ? idle + 1 : 0;
                last = allocated;
                if (idle is 1 or IdleAgain && allocated - trimmed > WorthBytes)
                {
                    Trim();
                    // Pools of arrays let go of what they keep only in a collection that comes a minute after its last use.
                    trimmed = idle == 1 ? trimmed : allocated;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private static void Trim()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = TrimNative(0);
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library than glibc, which gives back what is freed by itself.
        }
    }

    /// <summary>SQLite's texts are as large as the outputs, and glibc keeps what was freed of them.</summary>
    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNative(nint pad);
}
