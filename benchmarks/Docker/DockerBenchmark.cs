using System.Diagnostics;
using System.Globalization;
using Executor.Benchmarks.Isolation;
using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Docker;
using Executor.Runners.Docker.Options;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;
using Executor.Testing;

namespace Executor.Benchmarks.Docker;

/// <summary>
/// The same one-line Python program in containers of a throw-away engine: by Executor, from containers made ahead and from ones made for
/// the task, and by <c>docker run</c>. Turn by turn in one run; what to look at is the ratios.
/// </summary>
internal static class DockerBenchmark
{
    private const int Rounds = 5;
    private const int WarmRuns = 30;
    private const int ColdRuns = 8;
    private const int Parallel = 4;
    private const string Image = "executor-bench/python:1";

    public static async Task<int> RunAsync()
    {
        if (Dockerd.WhyNot is string reason)
        {
            await Console.Error.WriteLineAsync($"This benchmark can't run: {reason}");
            return 1;
        }

        await using Dockerd engine = await Dockerd.StartNewAsync();
        string folder = Directory.CreateTempSubdirectory("executor-bench-").FullName;
        try
        {
            await ImageTree.ImportAsync(engine.Endpoint, Image, await ImageTree.PythonAsync(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await using var backend = new DockerBackend(TimeProvider.System, engine.Endpoint);
        RunnerBackends backends = new RunnerBackends().Add(backend);
        var runner = new TaskRunner(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System);
        DockerCodeExecutorOptions pooled = new() { Name = "pooled", Image = Image, PoolSize = 2 };
        DockerCodeExecutorOptions unpooled = new() { Name = "unpooled", Image = Image, PoolSize = 0 };
        Measurement warm = new(new Contender("executor, container made ahead", () => RunTaskAsync(runner, pooled)));
        Measurement cold = new(new Contender("executor, container made for the task", () => RunTaskAsync(runner, unpooled)));
        Measurement peer = new(new Contender("docker run", () => RunDockerAsync(engine.Endpoint)));
        await RunTaskAsync(runner, pooled);
        await RunTaskAsync(runner, pooled);
        for (int round = 0; round < Rounds; round++)
        {
            for (int run = 0; run < WarmRuns; run++)
            {
                // What is measured is a task that finds a container; making the next one is the engine's time, measured below.
                await backend.PreparedAsync();
                await warm.MeasureLatencyAsync(1);
            }

            await backend.PreparedAsync();
            await cold.MeasureLatencyAsync(ColdRuns);
            await peer.MeasureLatencyAsync(ColdRuns);
            await warm.MeasureThroughputAsync(4 * ColdRuns, Parallel);
            await backend.PreparedAsync();
            await cold.MeasureThroughputAsync(4 * ColdRuns, Parallel);
            await peer.MeasureThroughputAsync(4 * ColdRuns, Parallel);
        }

        Console.WriteLine(Invariant(
            $"One line of Python in a container, {Rounds * WarmRuns} and {Rounds * ColdRuns} runs one at a time, {Rounds} x {4 * ColdRuns} runs {Parallel} at once, {Environment.ProcessorCount} cores"));
        Console.WriteLine();
        Console.WriteLine("| | p50 ms | p99 ms | tasks/s | p50 against docker run | tasks/s against docker run |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Measurement measurement in new[] { warm, cold, peer })
        {
            Console.WriteLine(Invariant(
                $"| {measurement.Name} | {measurement.P50:0.00} | {measurement.P99:0.00} | {measurement.PerSecond:0.0} | {peer.P50 / measurement.P50:0.00} x faster | {measurement.PerSecond / peer.PerSecond:0.00} x |"));
        }

        return 0;
    }

    private static async Task RunTaskAsync(TaskRunner runner, DockerCodeExecutorOptions executor)
    {
        TaskResult result = await runner.RunAsync(
            new TaskSpec { Language = "python", Code = "print('hello')\n" }, new TaskRunOptions { CodeExecutor = executor }, CancellationToken.None);
        if (result is not { Success: true, Stdout: "hello\n" })
        {
            throw new InvalidOperationException($"The task failed: {result.Error}");
        }
    }

    private static async Task RunDockerAsync(Uri endpoint)
    {
        string[] arguments = ["-H", endpoint.OriginalString, "run", "--rm", "--network", "none", "--read-only", Image, "/usr/bin/python3", "-c", "print('hello')"];
        using Process process = Process.Start(new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (output != "hello\n")
        {
            throw new InvalidOperationException("docker run failed.");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
