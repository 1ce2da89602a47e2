using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Runners;
using Executor.Runners.Interpreters;
using Executor.Runners.Local.Options;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;

namespace Executor.Benchmarks.Sessions;

/// <summary>
/// A session's interpreter beside a Jupyter kernel (Debian's python3-ipykernel, python3-jupyter-client) of the same Python, in one run: what
/// to look at is the ratios. A start and a restart end with the answer to a first execution.
/// </summary>
internal static class SessionBenchmark
{
    private const string Python = "/usr/bin/python3";
    private const int Rounds = 5;
    private const int SessionsARound = 10;
    private const int Executions = 400;

    private static string Peer => Path.Combine(AppContext.BaseDirectory, "Peers", "jupyter_kernel.py");

    public static async Task<int> RunAsync()
    {
        if (!File.Exists(Python) || await RunAsync("-c", "import ipykernel, jupyter_client") is null)
        {
            await Console.Error.WriteLineAsync("This benchmark needs a Jupyter kernel to compare with: apt-get install -y python3-ipykernel python3-jupyter-client");
            return 1;
        }

        await using RunnerBackends backends = new RunnerBackends().Add(new SandboxBackend(new SandboxOptions())).Add(new PlainBackend(), sandboxed: false);
        var launcher = new InterpreterLauncher(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, backends, new TaskRunnerDefaults(), TimeProvider.System);
        (string Name, bool Sandboxed, Times Times)[] own = [("session, in the sandbox", true, new Times()), ("session, without it", false, new Times())];
        var peer = new Times();
        await MeasureAsync(launcher, sandboxed: true, new Times());
        for (int round = 0; round < Rounds; round++)
        {
            foreach ((_, bool sandboxed, Times times) in own)
            {
                await MeasureAsync(launcher, sandboxed, times);
            }

            await MeasurePeerAsync(peer);
        }

        Console.WriteLine(Invariant($"`1 + 1`, {Rounds} turns of {Executions} executions each, {Environment.ProcessorCount} cores; x: as many times faster than the Jupyter kernel"));
        Console.WriteLine();
        Console.WriteLine("| | execute p50 ms | p95 ms | start p50 ms | restart p50 ms |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((string name, Times times) in own.Select(contender => (contender.Name, contender.Times)).Append(("Jupyter kernel", peer)))
        {
            string Cell(Func<Times, List<double>> list, double share) => Invariant($"{At(list(times), share):0.00} ({At(list(peer), share) / At(list(times), share):0.0} x)");
            Console.WriteLine($"| {name} | {Cell(of => of.Execute, 0.5)} | {Cell(of => of.Execute, 0.95)} | {Cell(of => of.Start, 0.5)} | {Cell(of => of.Restart, 0.5)} |");
        }

        return 0;
    }

    private static async Task MeasureAsync(InterpreterLauncher launcher, bool sandboxed, Times times)
    {
        for (int number = 0; number < SessionsARound; number++)
        {
            long began = Stopwatch.GetTimestamp();
            await using IInterpreter session = await launcher.StartAsync(
                new SessionSpec { UseSandbox = sandboxed }, LocalCodeExecutorOptions.Default with { CodeExecutorPath = Python }, CancellationToken.None);
            await ExecuteAsync(session);
            times.Start.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            for (int run = 0; run < 20 + (Executions / SessionsARound); run++)
            {
                began = Stopwatch.GetTimestamp();
                await ExecuteAsync(session);
                if (run >= 20)
                {
                    times.Execute.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }

            began = Stopwatch.GetTimestamp();
            await session.RestartAsync(CancellationToken.None);
            await ExecuteAsync(session);
            times.Restart.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    private static async Task ExecuteAsync(IInterpreter session)
    {
        InterpreterReply reply = await session.ExecuteAsync("1 + 1", "<execution>", TimeSpan.FromSeconds(60), (_, _, _) => ValueTask.CompletedTask, CancellationToken.None);
        if (reply.ResultText != "2")
        {
            throw new InvalidOperationException($"The execution failed: {reply}");
        }
    }

    private static async Task MeasurePeerAsync(Times times)
    {
        string output = await RunAsync(Peer, "1", Executions.ToString(CultureInfo.InvariantCulture)) ?? throw new InvalidOperationException("The Jupyter kernel's measurement failed.");
        foreach (string[] words in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')))
        {
            List<double> list = words[0] switch
            {
                "start" => times.Start,
                "restart" => times.Restart,
                _ => times.Execute,
            };
            list.AddRange(words.Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture)));
        }
    }

    private static async Task<string?> RunAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : null;
    }

    private static double At(List<double> times, double share) => times.Order().ElementAt(int.Min(times.Count - 1, (int)(share * times.Count)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Times
    {
        public List<double> Start { get; } = [];

        public List<double> Execute { get; } = [];

        public List<double> Restart { get; } = [];
    }
}
