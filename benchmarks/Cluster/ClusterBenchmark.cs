using System.Diagnostics;
using System.Globalization;
using Executor.Client;
using Executor.Execution;
using Executor.Executors;
using Executor.Tasks;
using Executor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Executor.Benchmarks.Cluster;

/// <summary>
/// Tasks that do nothing through silos on PostgreSQL, all processes on this machine: how many a second when many are under way, how long one
/// takes alone, and whose processor time it is. Then tasks that only sleep, on one silo and on four.
/// </summary>
internal static class ClusterBenchmark
{
    private const int Silos = 3;
    private const int Warmup = 30_000;
    private const int Alone = 300;
    private const int SleepersAtOnce = 4;
    private const int SleepSeconds = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (PostgresServer.WhyNot is string reason)
        {
            Console.Error.WriteLine(reason);
            return 1;
        }

        int tasks = args is [string count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 50_000;
        await NoOpsAsync(tasks);
        double one = await SleepsAsync(1);
        double four = await SleepsAsync(4);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tasks that sleep {SleepSeconds} s, {SleepersAtOnce} at once a silo: {one:0.00}/s on 1 silo, {four:0.00}/s on 4: {four / one:0.00} times"));
        return 0;
    }

    private static async Task NoOpsAsync(int tasks)
    {
        await using Setup setup = await Setup.StartAsync(Silos, maxTasks: 0);
        ITaskService service = setup.Service.Tasks;
        List<IdleExecutor> executors = [];
        for (int i = 0; i < Silos; i++)
        {
            IdleExecutor executor = new();
            await setup.Service.RegisterAsync(
                new RegisterMessage(new ExecutorRegistration { ExecutorId = $"idle-{i}", Host = "bench", MaxTasks = 2_000 }, []), executor, CancellationToken.None);
            executors.Add(executor);
        }

        await using Timer beating = new(_ => executors.ForEach(executor => executor.Beat()), null, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await SubmitAndWaitAsync(service, Warmup, atOnce: 2_000);
        TimeSpan[] before = setup.CpuTimes();
        long start = Stopwatch.GetTimestamp();
        await SubmitAndWaitAsync(service, tasks, atOnce: 2_000);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{tasks} tasks through {Silos} silos, submitted one by one, 2,000 under way: {tasks / took.TotalSeconds:0}/s"));
        string[] names = [.. Enumerable.Range(1, Silos).Select(i => $"silo {i}"), "client and executors"];
        foreach ((string name, TimeSpan spent) in names.Zip(setup.CpuTimes().Zip(before, (after, earlier) => after - earlier)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {spent.TotalMicroseconds / tasks:0} µs of processor a task"));
        }

        Console.WriteLine("  (the rest of the machine's time is PostgreSQL's)");
        double[] latencies = new double[Alone];
        for (int i = 0; i < Alone; i++)
        {
            long at = Stopwatch.GetTimestamp();
            await SubmitAndWaitAsync(service, 1, atOnce: 1);
            latencies[i] = Stopwatch.GetElapsedTime(at).TotalMilliseconds;
        }

        Array.Sort(latencies);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"one at a time, submit to result: p50 {latencies[Alone / 2]:0.0} ms, p95 {latencies[Alone * 95 / 100]:0.0} ms"));
    }

    private static async Task SubmitAndWaitAsync(ITaskService service, int count, int atOnce)
    {
        int next = 0;
        await Task.WhenAll(Enumerable.Range(0, int.Min(atOnce, count)).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) <= count)
            {
                TaskReceipt receipt = (await service.SubmitAsync([new TaskSpec { Language = "python", Code = "pass" }], CancellationToken.None))[0];
                if (await service.WaitAsync(receipt.TaskId, TimeSpan.FromMinutes(1), CancellationToken.None) is not { Success: true })
                {
                    throw new InvalidOperationException($"Task {receipt.TaskId} did not end well.");
                }
            }
        }));
    }

    /// <returns>Tasks a second.</returns>
    private static async Task<double> SleepsAsync(int silos)
    {
        await using Setup setup = await Setup.StartAsync(silos, SleepersAtOnce);
        while ((await setup.Service.ListExecutorsAsync(CancellationToken.None)).Count < silos)
        {
            await Task.Delay(100);
        }

        int tasks = silos * SleepersAtOnce * 5;
        TaskSpec sleep = new() { Language = "python", Code = string.Create(CultureInfo.InvariantCulture, $"import time; time.sleep({SleepSeconds})") };
        await EndAllAsync(setup.Service, [.. Enumerable.Repeat(sleep, silos * SleepersAtOnce)]);
        long start = Stopwatch.GetTimestamp();
        await EndAllAsync(setup.Service, [.. Enumerable.Repeat(sleep, tasks)]);
        return tasks / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task EndAllAsync(ClusterExecutionService service, TaskSpec[] tasks)
    {
        IReadOnlyList<TaskReceipt> receipts = await service.SubmitAsync(tasks, CancellationToken.None);
        await Task.WhenAll(receipts.Select(receipt => service.WaitAsync(receipt.TaskId, TimeSpan.FromMinutes(5), CancellationToken.None)));
    }

    private sealed class Setup(ThrowawayCluster postgres, string folder, IReadOnlyList<BenchmarkSilo> silos, IHost client) : IAsyncDisposable
    {
        public ClusterExecutionService Service { get; } = client.Services.GetRequiredService<ClusterExecutionService>();

        public static async Task<Setup> StartAsync(int count, int maxTasks)
        {
            ThrowawayCluster postgres = await ThrowawayCluster.StartNewAsync(PostgresServer.Folder);
            string folder = Directory.CreateTempSubdirectory("executor-bench-").FullName;
            BenchmarkSilo[] silos = [.. Enumerable.Range(0, count).Select(i => BenchmarkSilo.Start(i, postgres.ConnectionString, folder, maxTasks))];
            await Task.WhenAll(silos.Select(silo => silo.ReadyAsync()));
            HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddLogging();
            builder.UseOrleansClient(orleans => orleans.UseLocalhostClustering(
                [.. Enumerable.Range(0, count).Select(BenchmarkSilo.GatewayPort)], serviceId: "executor", clusterId: "executor"));
            builder.Services.AddExecutorClient();
            IHost client = builder.Build();
            await client.StartAsync();
            return new Setup(postgres, folder, silos, client);
        }

        public TimeSpan[] CpuTimes() => [.. silos.Select(silo => silo.CpuTime), Process.GetCurrentProcess().TotalProcessorTime];

        public async ValueTask DisposeAsync()
        {
            await ((ClusterExecutionService)Service).DisposeAsync();
            await client.StopAsync();
            client.Dispose();
            foreach (BenchmarkSilo silo in silos)
            {
                silo.Dispose();
            }

            await postgres.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
