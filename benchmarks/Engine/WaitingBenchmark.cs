using System.Diagnostics;
using System.Globalization;
using Executor.Execution;
using Executor.Tasks;

namespace Executor.Benchmarks.Engine;

/// <summary>What a long queue costs: memory for each waiting task, and the rate at which tasks run out of it, against a short one.</summary>
internal static class WaitingBenchmark
{
    private const int Batch = 10_000;
    private const int Short = 1_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(int count)
    {
        await using EngineUnderTest test = await EngineUnderTest.StartAsync("sqlite", slots: 0);
        long before = Process.GetCurrentProcess().WorkingSet64;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i += Batch)
        {
            await SubmitAsync(test, int.Min(Batch, count - i));
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.Collect();
        long resident = Process.GetCurrentProcess().WorkingSet64;
        Print($"{count} waiting: submitted at {count / seconds:0}/s, {resident >> 20} MiB resident, {(double)(resident - before) / count:0} bytes each");

        await test.AddExecutorAsync(slots: 1_000);
        double deep = await MeasureAsync(test, refill: false);
        await DrainAsync(test);
        double shallow = await MeasureAsync(test, refill: true);
        Print($"run out of a queue of {count}: {deep:0}/s; of {Short}: {shallow:0}/s; ratio {deep / shallow:0.00}");
    }

    /// <summary>Tasks ended a second.</summary>
    private static async Task<double> MeasureAsync(EngineUnderTest test, bool refill)
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        ExecutionMetrics first = await test.Engine.GetMetricsAsync(CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        ExecutionMetrics last = first;
        while (Stopwatch.GetElapsedTime(start) < Window)
        {
            if (refill && last.QueueDepth < Short)
            {
                await SubmitAsync(test, Short);
            }
            else
            {
                await Task.Delay(1);
            }

            last = await test.Engine.GetMetricsAsync(CancellationToken.None);
        }

        return (last.Completed - first.Completed) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task DrainAsync(EngineUnderTest test)
    {
        while ((await test.Engine.GetMetricsAsync(CancellationToken.None)).QueueDepth > 0)
        {
            await Task.Delay(50);
        }
    }

    private static async Task SubmitAsync(EngineUnderTest test, int count) => await test.Engine.SubmitAsync(
        [.. Enumerable.Range(0, count).Select(_ => new TaskSpec { Language = "python", Code = "print(1)" })], CancellationToken.None);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
