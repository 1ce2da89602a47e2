using System.Diagnostics;

namespace Executor.Api.Fuzz;

/// <summary>What this process holds.</summary>
internal sealed record Footprint(int Handles, int Threads, long Bytes)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>What it holds when the last closed connections are let go of: no more than a while before.</summary>
    /// <param name="handles">Waits up to half a minute until there are no more than these, too.</param>
    public static async Task<Footprint> SettleAsync(int handles = int.MaxValue)
    {
        Footprint last = Now();
        int same = 0;
        await Poll.UntilAsync($"no handle is let go of any more, and there are no more than {handles}", IsSettled, TimeLimit);
        return last with { Bytes = GC.GetTotalMemory(forceFullCollection: true) };

        bool IsSettled()
        {
            Footprint next = Now();
            same = next.Handles >= last.Handles ? same + 1 : 0;
            last = next;
            return same > 3 && last.Handles <= handles;
        }
    }

    // A library that is loaded meanwhile takes handles, too, and those aren't the clients'.
    private static Footprint Now()
    {
        using var process = Process.GetCurrentProcess();
        int handles = Directory.GetFiles("/proc/self/fd").Count(handle =>
            new FileInfo(handle).LinkTarget is string target && !target.EndsWith(".dll", StringComparison.Ordinal));
        return new Footprint(handles, process.Threads.Count, 0);
    }
}
