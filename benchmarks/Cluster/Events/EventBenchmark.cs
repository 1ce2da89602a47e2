using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Grains.Scheduling;
using Executor.Tasks;

namespace Executor.Benchmarks.Cluster.Events;

/// <summary>
/// How events get from a scheduler to whoever it speaks with: by a long poll, as they do, and by a grain call that returns an
/// <see cref="IAsyncEnumerable{T}"/>. The same queue, the same batches, in turns within one run.
/// </summary>
internal static class EventBenchmark
{
    private const int Rounds = 5;
    private const int Alone = 300;
    private const int Steady = 4_000;
    private const int SteadyBurst = 20;
    private static readonly TimeSpan SteadyPause = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(string[] args)
    {
        int flood = args is [string count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 200_000;
        await using EventCluster cluster = await EventCluster.StartAsync();
        Console.WriteLine($"medians of {Rounds} rounds; an event is a task to run");
        foreach ((string name, IGrainFactory way) in new[] { ("a silo", cluster.Silo), ("a client through its gateway", cluster.Client) })
        {
            Console.WriteLine($"to {name}:");
            List<EventFigures> polled = [];
            List<EventFigures> streamed = [];
            for (int i = 0; i <= Rounds; i++)
            {
                EventFigures poll = await MeasureAsync(cluster.Home, way, isStream: false, flood);
                EventFigures stream = await MeasureAsync(cluster.Home, way, isStream: true, flood);
                // The first round warms up.
                if (i > 0)
                {
                    polled.Add(poll);
                    streamed.Add(stream);
                }
            }

            Compare("events a second, all waiting", "0", polled, streamed, figures => figures.Flood);
            Compare("  processor of both sides an event, µs", "0.0", polled, streamed, figures => figures.FloodCpu);
            Compare("2,000 a second: until it is there, p50, µs", "0", polled, streamed, figures => figures.SteadyMedian);
            Compare("  processor of both sides an event, µs", "0.0", polled, streamed, figures => figures.SteadyCpu);
            Compare("one alone: until it is there, p50, µs", "0", polled, streamed, figures => figures.AloneMedian);
            Compare("  p95, µs", "0", polled, streamed, figures => figures.AloneHigh);
        }

        return 0;
    }

    private static void Compare(string what, string format, List<EventFigures> polled, List<EventFigures> streamed, Func<EventFigures, double> figure)
    {
        double poll = Median(polled.Select(figure));
        double stream = Median(streamed.Select(figure));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {what,-46} poll {poll.ToString(format, CultureInfo.InvariantCulture),10}  stream {stream.ToString(format, CultureInfo.InvariantCulture),10}  stream/poll {stream / poll:0.00}"));
    }

    private static async Task<EventFigures> MeasureAsync(IGrainFactory home, IGrainFactory way, bool isStream, int flood)
    {
        string key = Guid.NewGuid().ToString();
        EventQueue queue = EventGrain.QueueOf(key);
        // Made where it is to be.
        await home.GetGrain<IEventGrain>(key).PullAsync(0);
        using CancellationTokenSource over = new();
        EventReader reader = new(way.GetGrain<IEventGrain>(key));
        Task reading = isStream ? reader.StreamAsync(over.Token) : reader.PollAsync(over.Token);

        (double floodRate, double floodCpu) = await TimedAsync(flood, reader, () =>
        {
            for (int i = 0; i < flood; i++)
            {
                queue.Push(Event());
            }

            return Task.CompletedTask;
        });
        reader.Begin();
        (_, double steadyCpu) = await TimedAsync(Steady, reader, async () =>
        {
            using PeriodicTimer timer = new(SteadyPause);
            for (int i = 0; i < Steady; i += SteadyBurst)
            {
                for (int k = 0; k < SteadyBurst; k++)
                {
                    queue.Push(Event());
                }

                await timer.WaitForNextTickAsync();
            }
        });
        double[] steady = reader.Begin();
        for (int i = 0; i < Alone; i++)
        {
            Task arrived = reader.CountedAsync(1);
            queue.Push(Event());
            await arrived;
            await Task.Delay(i % 3);
        }

        double[] alone = reader.Begin();
        await over.CancelAsync();
        await reading;
        return new EventFigures(floodRate, floodCpu, Median(steady), steadyCpu, Median(alone), alone[alone.Length * 95 / 100]);
    }

    private static async Task<(double Rate, double CpuMicroseconds)> TimedAsync(int count, EventReader reader, Func<Task> push)
    {
        Task arrived = reader.CountedAsync(count);
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await push();
        await arrived;
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        return (count / took.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalMicroseconds / count);
    }

    /// <summary>A task to run; its trace says when it was given.</summary>
    private static ExecutorEvent Event() => new(
        1,
        new TaskAssignment(new TaskSpec { TaskId = "01a22829-58d5-7a68-a04a-1ab5a3623903", Language = "python", Code = "pass" }, 1, [])
        {
            TraceParent = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture),
        });

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
