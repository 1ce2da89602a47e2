using System.Diagnostics;
using System.Globalization;
using Executor.Benchmarks.Isolation;
using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Probing;
using Executor.Runners.Ssh;
using Executor.Runners.Ssh.Options;
using Executor.Runtimes;
using Executor.Tasks;
using Executor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Benchmarks.Ssh;

/// <summary>
/// The same one-line Python program over SSH to a throw-away sshd on loopback: by Executor, warm and cold, in its sandbox, and by
/// OpenSSH's client over a connection that is kept, with python3 not isolated. Turn by turn in one run; what to look at is the ratios.
/// </summary>
internal static class SshBenchmark
{
    private const int Rounds = 6;
    private const int LatencyRuns = 25;
    private const int ThroughputRuns = 80;
    private const int Parallel = 4;
    private const string Program = "print('hello')\n";

    public static async Task<int> RunAsync()
    {
        if (SshServer.WhyNot is string reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return 1;
        }

        await using SshServer server = await SshServer.StartAsync();
        await using RunnerBackends backends = new RunnerBackends().Add(
            new SshBackend(new SandboxOptions(), NullLogger<SshBackend>.Instance, TimeProvider.System));
        SshCodeExecutorOptions options = server.Options() with { CodeExecutorPath = "/usr/bin/python3" };
        string[] master = [.. Login(server), "-M", "-N", "-f", Target(server)];
        await RunProcessAsync("ssh", master, printed: "");
        try
        {
            await MeasureAsync(
            [
                new(new Contender("executor over SSH, warm", () => RunTaskAsync(backends, options, RuntimeCatalog.BuiltIn))),
                new(new Contender("executor over SSH, cold", () => RunTaskAsync(backends, options, Cold()))),
                new(new Contender("ssh + python3, connection kept", () => RunProcessAsync("ssh", [.. Login(server), Target(server), "/usr/bin/python3 -c \"print('hello')\""], "hello\n"))),
            ]);
        }
        finally
        {
            await RunProcessAsync("ssh", [.. Login(server), "-O", "exit", Target(server)], printed: null);
        }

        return 0;
    }

    private static async Task MeasureAsync(Measurement[] measurements)
    {
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

        Measurement peer = measurements[^1];
        Console.WriteLine(Invariant($"One line of Python over SSH to loopback, {Rounds * LatencyRuns} runs one at a time, {Rounds} x {ThroughputRuns} runs {Parallel} at once, {Environment.ProcessorCount} cores"));
        Console.WriteLine();
        Console.WriteLine("| | p50 ms | p99 ms | tasks/s | p50 against ssh | tasks/s against ssh |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (Measurement measurement in measurements)
        {
            Console.WriteLine(Invariant(
                $"| {measurement.Name} | {measurement.P50:0.00} | {measurement.P99:0.00} | {measurement.PerSecond:0} | {peer.P50 / measurement.P50:0.00} x faster | {measurement.PerSecond / peer.PerSecond:0.00} x |"));
        }
    }

    private static async Task RunTaskAsync(RunnerBackends backends, SshCodeExecutorOptions options, RuntimeCatalog catalog)
    {
        var runner = new TaskRunner(catalog, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System);
        TaskResult result = await runner.RunAsync(
            new TaskSpec { Language = "python", Code = Program }, new TaskRunOptions { CodeExecutor = options }, CancellationToken.None);
        if (result is not { Success: true, Stdout: "hello\n" })
        {
            throw new InvalidOperationException($"The task failed: {result.Error}");
        }
    }

    private static async Task RunProcessAsync(string program, string[] arguments, string? printed)
    {
        bool captures = printed is { Length: > 0 };
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = captures })!;
        string output = captures ? await process.StandardOutput.ReadToEndAsync() : "";
        await process.WaitForExitAsync();
        if (printed is not null && (process.ExitCode != 0 || output != printed))
        {
            throw new InvalidOperationException($"{program} failed.");
        }
    }

    private static string[] Login(SshServer server) =>
    [
        "-F", "none", "-q", "-S", Path.Combine(server.Folder, "control"), "-i", server.UserKey, "-p", server.Port.ToString(CultureInfo.InvariantCulture),
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
    ];

    private static string Target(SshServer server) => $"{server.Options().Username}@{server.Options().Host}";

    private static RuntimeCatalog Cold() =>
        RuntimeCatalog.TryCreate(new Dictionary<string, RuntimeOverride> { ["python"] = new() { Warm = WarmKind.None } }, out RuntimeCatalog? catalog, out _)
            ? catalog
            : throw new InvalidOperationException();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
