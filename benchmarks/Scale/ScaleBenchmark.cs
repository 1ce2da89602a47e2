using System.Globalization;

namespace Executor.Benchmarks.Scale;

/// <summary>What clusters of 10, 100 and 1,000 silos would do, simulated with the scheduler's real queue and its measured cost of a task.</summary>
internal static class ScaleBenchmark
{
    private const int Slots = 16;

    /// <summary>Runs it.</summary>
    /// <param name="args">[TASKS (1000000)] [µs of the scheduler for a task (100)].</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        int tasks = args is [string count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 1_000_000;
        double cost = (args is [_, string micros, ..] ? double.Parse(micros, CultureInfo.InvariantCulture) : 100) / 1_000_000;
        Print($"{tasks} tasks waiting, {Slots} slots a silo, {cost * 1_000_000:0} µs of the scheduler for a task");
        Print($"{"silos",6} {"a task lasts",12} {"tasks/s",9} {"slots used",10} {"scheduler busy",14} {"queue, µs a task",16}");
        foreach (int silos in (int[])[10, 100, 1_000])
        {
            foreach (double seconds in (double[])[0.1, 1, 10])
            {
                ScaleOutcome outcome = ScaleSimulation.Run(new ScaleSetting(silos, Slots, tasks, seconds, cost));
                Print($"{silos,6} {seconds,10:0.0} s {outcome.Rate,9:0} {outcome.Used,10:0.0%} {outcome.Busy,14:0.0%} {outcome.Queue.TotalMicroseconds,16:0.0}");
            }
        }

        return 0;
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
