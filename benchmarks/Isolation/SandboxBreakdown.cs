using System.Diagnostics;
using System.Globalization;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Benchmarks.Isolation;

/// <summary>What the time of one isolated task is made of, step by step, as the caller sees it.</summary>
internal static class SandboxBreakdown
{
    private const string Python = "/usr/bin/python3";
    private const int Runs = 300;

    public static async Task<int> RunAsync()
    {
        await using var backend = new SandboxBackend(new SandboxOptions());
        (string Name, string Code)[] programs =
        [
            ("nothing, and out at once", "import os; os._exit(0)"),
            ("nothing", ""),
            ("print('hello')", "print('hello')"),
            ("an error", "raise ValueError('wrong')"),
            ("sys.exit(3)", "import sys; sys.exit(3)"),
            ("an open file", "f = open('out.txt', 'w'); f.write('hello')"),
            ("an open file and a function", "def main(): pass\nf = open('out.txt', 'w'); f.write('hello')"),
        ];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Medians of {Runs} warm Python tasks, in ms. The agent prepares the next task only after `close`, so that is waited for here."));
        Console.WriteLine();
        Console.WriteLine("| program | rent an agent | start → exit known | clean-up | all |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((string name, string code) in programs)
        {
            var steps = new List<double[]>();
            for (int run = 0; run < Runs; run++)
            {
                steps.Add(await OneAsync(backend, code));
                await Task.Delay(12); // the next task is prepared meanwhile, as between tasks that come one at a time
            }

            double Median(Func<double[], double> part) => steps.Select(part).Order().ElementAt(Runs / 2);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {Median(step => step[0]):0.00} | {Median(step => step[1]):0.00} | {Median(step => step[2]):0.00} | {Median(step => step.Sum()):0.00} |"));
        }

        return 0;
    }

    private static async Task<double[]> OneAsync(SandboxBackend backend, string code)
    {
        EffectiveLimits limits = LimitResolver.Resolve(null);
        long started = Stopwatch.GetTimestamp();
        IWorkspace workspace = await backend.OpenAsync(new WorkspaceRequest(limits, Python, WarmKind.ForkPython, BaseEnvironment.Variables, []), CancellationToken.None);
        double opened = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await workspace.PutAsync([new WorkspaceFile("main.py", System.Text.Encoding.UTF8.GetBytes(code))], CancellationToken.None);
        var spec = new ProcessSpec
        {
            Argv = [Python, "main.py"],
            Env = BaseEnvironment.Variables,
            Limits = limits,
            MayBeWarm = true,
            Output = (_, _, _) => ValueTask.CompletedTask,
        };
        await using (IRunningProcess process = await workspace.StartAsync(spec, CancellationToken.None))
        {
            await process.WaitAsync(CancellationToken.None);
        }

        double ended = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await workspace.DisposeAsync();
        double closed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return [opened, ended - opened, closed - ended];
    }
}
