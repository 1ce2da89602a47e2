using Executor.Benchmarks;
using Executor.Benchmarks.Engine;
using Executor.Benchmarks.Isolation;
using Executor.Benchmarks.Parts;
using Executor.Benchmarks.Scale;
using Executor.Benchmarks.Sessions;
using Executor.Benchmarks.Storage;

// ./executor bench            the isolation benchmark: Executor against bubblewrap+python and plain python, in one run
// ./executor bench parts      the small parts, with BenchmarkDotNet
// ./executor bench sandbox    what the time of one isolated task is made of
// ./executor bench sessions   a session's interpreter against a Jupyter kernel
// ./executor bench storage    tasks a second through the SQLite and PostgreSQL stores
// ./executor bench engine     tasks a second through the engine, durably; "engine waiting": what a million waiting tasks cost
// ./executor bench scale      a simulation: 10, 100 and 1,000 silos with a million waiting tasks
// ./executor bench docker     tasks in containers of a throw-away engine, against docker run (edition Full)
// ./executor bench ssh        tasks over SSH to a throw-away sshd, against ssh itself (edition Full)
// ./executor bench cluster    tasks a second through three silos on PostgreSQL (edition Full)
return args switch
{
    [] or ["isolation", ..] => await IsolationBenchmark.RunAsync(),
    ["sandbox"] => await SandboxBreakdown.RunAsync(),
    ["sessions"] => await SessionBenchmark.RunAsync(),
    ["storage", .. string[] rest] => await StorageBenchmark.RunAsync(rest),
    ["engine", .. string[] rest] => await EngineBenchmark.RunAsync(rest),
    ["scale", .. string[] rest] => ScaleBenchmark.Run(rest),
    ["parts", .. string[] rest] => PartsBenchmark.Run(rest),
    [string name, .. string[] rest] when FullBenchmarks.All.TryGetValue(name, out Func<string[], Task<int>>? run) => await run(rest),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine($"There is no benchmark '{name}'; there are: {string.Join(", ", (string[])["isolation (the default)", "sandbox", "sessions", "storage", "engine", "scale", "parts", .. FullBenchmarks.All.Keys])}.");
    return 2;
}
