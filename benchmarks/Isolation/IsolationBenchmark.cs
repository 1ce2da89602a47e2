using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Benchmarks.Isolation;

/// <summary>
/// The same one-line Python program by Executor (warm and cold), by bubblewrap + python3 with the same isolation, and by plain
/// python3. Turn by turn in one run, because machines drift; what to look at is the ratios.
/// </summary>
internal static class IsolationBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int Rounds = 8;
    private const int LatencyRuns = 25;
    private const int ThroughputRuns = 120;
    private const int Parallel = 4;

    public static async Task<int> RunAsync()
    {
        if (!File.Exists("/usr/bin/bwrap") || !File.Exists(Python))
        {
            await Console.Error.WriteLineAsync("This benchmark needs bubblewrap and python3: apt-get install -y bubblewrap python3");
            return 1;
        }

        string script = Path.Combine(Directory.CreateTempSubdirectory("executor-bench-").FullName, "main.py");
        await File.WriteAllTextAsync(script, "print('hello')\n");
        await using var backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions()));
        Measurement[] measurements =
        [
            new(new Contender("executor, warm", () => RunTaskAsync(backends, RuntimeCatalog.BuiltIn))),
            new(new Contender("executor, cold", () => RunTaskAsync(backends, Cold()))),
            new(new Contender("bubblewrap + python3", () => RunProcessAsync("/usr/bin/bwrap", Bubblewrap(script)))),
            new(new Contender("python3, not isolated", () => RunProcessAsync(Python, [script]))),
        ];

        foreach (Measurement measurement in measurements)
        {
            await measurement.MeasureThroughputAsync(20, Parallel); // warm-up; its figure is the lowest and never the median
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach (Measurement measurement in measurements)
            {
                await measurement.MeasureLatencyAsync(LatencyRuns);
                await measurement.MeasureThroughputAsync(ThroughputRuns, Parallel);
            }
        }

        Measurement peer = measurements[2];
        Console.WriteLine(Invariant($"One line of Python, {Rounds * LatencyRuns} runs one at a time, {Rounds} x {ThroughputRuns} runs {Parallel} at once, {Environment.ProcessorCount} cores"));
        Console.WriteLine();
        Console.WriteLine("| | p50 ms | p99 ms | tasks/s | p50 against bubblewrap | tasks/s against bubblewrap |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Measurement measurement in measurements)
        {
            Console.WriteLine(Invariant(
                $"| {measurement.Name} | {measurement.P50:0.00} | {measurement.P99:0.00} | {measurement.PerSecond:0} | {peer.P50 / measurement.P50:0.00} x faster | {measurement.PerSecond / peer.PerSecond:0.00} x |"));
        }

        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);
        return 0;
    }

    private static async Task RunTaskAsync(RunnerBackends backends, RuntimeCatalog catalog)
    {
        var runner = new TaskRunner(catalog, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System);
        TaskResult result = await runner.RunAsync(
            new TaskSpec { Language = "python", Code = "print('hello')\n" },
            new TaskRunOptions { CodeExecutor = LocalCodeExecutorOptions.Default with { CodeExecutorPath = Python } },
            CancellationToken.None);
        if (result is not { Success: true, Stdout: "hello\n" })
        {
            throw new InvalidOperationException($"The task failed: {result.Error}");
        }
    }

    private static async Task RunProcessAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || printed != "hello\n")
        {
            throw new InvalidOperationException($"{program} failed.");
        }
    }

    private static RuntimeCatalog Cold() =>
        RuntimeCatalog.TryCreate(new Dictionary<string, RuntimeOverride> { ["python"] = new() { Warm = WarmKind.None } }, out RuntimeCatalog? catalog, out _)
            ? catalog
            : throw new InvalidOperationException();

    private static string[] Bubblewrap(string script) =>
    [
        "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--uid", "1000", "--gid", "1000",
        "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/work", "--ro-bind", script, "/work/main.py", "--chdir", "/work",
        Python, "main.py",
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
