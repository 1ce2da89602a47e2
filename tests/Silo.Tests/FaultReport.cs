
namespace Executor.Silo;

/// <summary>Says with the test's output how long things took.</summary>
internal sealed class FaultReport(ITestOutputHelper output)
{
    private long _fault = TimeProvider.System.GetTimestamp();

    /// <summary>Since the last fault.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_fault);

    /// <summary>Something fails now.</summary>
    public void Fault() => _fault = TimeProvider.System.GetTimestamp();

    /// <summary>Waits for the first task that ends after the fault.</summary>
    /// <returns>How long after the fault it ended.</returns>
    public async Task<TimeSpan> ProgressAsync(SiloCluster cluster)
    {
        await cluster.ProgressAsync();
        TimeSpan elapsed = Elapsed;
        output.WriteLine($"first progress {elapsed.TotalSeconds:0.0} s after the fault");
        return elapsed;
    }

    /// <summary>Waits for the end of all tasks; see <see cref="SiloCluster.EndOnceAsync"/>.</summary>
    public async Task EndOnceAsync(SiloCluster cluster, int tasks)
    {
        await cluster.EndOnceAsync(tasks);
        output.WriteLine($"{tasks} tasks ended once, the last {Elapsed.TotalSeconds:0.0} s after the fault; {await cluster.RepeatedAsync()} were run again");
    }
}
