using System.Diagnostics;
using System.Globalization;
using Executor.Tasks;

namespace Executor.Benchmarks.Engine;

/// <summary>
/// How many tasks that do nothing go through the engine in a second, submitted, run, stored and answered, and how long one of them
/// takes alone, beside Celery with Redis in the same run; and what a long queue costs.
/// </summary>
internal static class EngineBenchmark
{
    private const int Callers = 512;
    private const int Alone = 500;
    private const int CeleryTasks = 3_000;

    /// <param name="args">[TASKS (50000)] [sqlite | sqlite-crash | postgres | memory] …; or waiting [TASKS (1000000)].</param>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["waiting", ..])
        {
            await WaitingBenchmark.RunAsync(args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000);
            return 0;
        }

        int tasks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
        Console.WriteLine($"{tasks} tasks that do nothing, {Callers} callers, {Environment.ProcessorCount} cores");
        Dictionary<string, double> rates = [];
        foreach (string store in args.Length > 1 ? args[1..] : ["sqlite", "postgres", "memory"])
        {
            rates[store] = await MeasureAsync(store, tasks);
        }

        await CompareAsync(rates);
        return 0;
    }

    private static async Task CompareAsync(Dictionary<string, double> rates)
    {
        await using CeleryPeer? celery = await CeleryPeer.StartAsync();
        if (celery is null)
        {
            Console.WriteLine("Celery+Redis is not installed: apt-get install python3-celery python3-redis redis-server");
            return;
        }

        (double rate, double alone) = await celery.MeasureAsync(CeleryTasks);
        Print($"{"Celery+Redis",-12} {rate,8:0}/s (not durable)   alone: p50 {alone:0.00} ms");
        foreach ((string store, double own) in rates)
        {
            Print($"{store,-12} {own / rate:0.0} times Celery+Redis");
        }
    }

    private static async Task<double> MeasureAsync(string store, int tasks)
    {
        await using EngineUnderTest test = await EngineUnderTest.StartAsync(store, slots: 1_000);
        await RunCallersAsync(test, tasks / 10);
        double seconds = await RunCallersAsync(test, tasks);
        double batched = await RunBatchesAsync(test, tasks);
        List<double> alone = [];
        for (int i = 0; i < Alone; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await RunOneAsync(test);
            alone.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        alone.Sort();
        Print($"{store,-12} {tasks / seconds,8:0}/s one a call   {tasks / batched,8:0}/s a hundred a call   alone: p50 {alone[Alone / 2]:0.00} ms, p99 {alone[Alone * 99 / 100]:0.00} ms");
        return tasks / seconds;
    }

    private static async Task<double> RunCallersAsync(EngineUnderTest test, int tasks)
    {
        int left = tasks;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await RunOneAsync(test);
            }
        })));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> RunBatchesAsync(EngineUnderTest test, int tasks)
    {
        const int size = 100;
        int left = tasks / size;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var receipts = await test.Engine.SubmitAsync([.. Enumerable.Range(0, size).Select(_ => Spec())], CancellationToken.None);
                foreach (var receipt in receipts)
                {
                    Check(await test.Engine.WaitAsync(receipt.TaskId, TimeSpan.FromMinutes(1), CancellationToken.None));
                }
            }
        })));
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task RunOneAsync(EngineUnderTest test)
    {
        var receipts = await test.Engine.SubmitAsync([Spec()], CancellationToken.None);
        Check(await test.Engine.WaitAsync(receipts[0].TaskId, TimeSpan.FromMinutes(1), CancellationToken.None));
    }

    private static TaskSpec Spec() => new() { Language = "python", Code = "print(1)" };

    private static void Check(TaskResult? result)
    {
        if (result is not { Success: true })
        {
            throw new InvalidOperationException($"A task ended {result?.Status.ToString() ?? "never"}: {result?.Error?.Message}");
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
