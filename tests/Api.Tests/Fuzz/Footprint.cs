using System.Diagnostics;

namespace Executor.Api.Fuzz;

/// <summary>What this process holds.</summary>
internal sealed record Footprint(int Handles, int Threads, long Bytes)
{
    /// <summary>What it holds when the last closed connections are let go of: no more than a while before.</summary>
    public static async Task<Footprint> SettleAsync()
    {
        Footprint last = Now();
        for (int same = 0, tries = 0; same < 3 && tries < 100; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(30));
            Footprint next = Now();
            same = next.Handles >= last.Handles ? same + 1 : 0;
            last = next;
        }

        return last with { Bytes = GC.GetTotalMemory(forceFullCollection: true) };
    }

    private static Footprint Now()
    {
        using var process = Process.GetCurrentProcess();
        return new Footprint(Directory.GetFiles("/proc/self/fd").Length, process.Threads.Count, 0);
    }
}
