using Executor.Benchmarks.Cluster;
using Executor.Benchmarks.Cluster.Events;
using Executor.Benchmarks.Docker;
using Executor.Benchmarks.Engine;
using Executor.Benchmarks.Isolation;
using Executor.Benchmarks.Scale;
using Executor.Benchmarks.Sessions;
using Executor.Benchmarks.Ssh;
using Executor.Benchmarks.Storage;

// ./executor bench            the isolation benchmark: Executor against bubblewrap+python and plain python, in one run
// ./executor bench parts      the small parts, with BenchmarkDotNet: the project in Parts/
// ./executor bench sandbox    what the time of one isolated task is made of
// ./executor bench sessions   a session's interpreter against a Jupyter kernel
// ./executor bench storage    tasks a second through the SQLite and PostgreSQL stores
// ./executor bench engine     tasks a second through the engine, durably; "engine waiting": what a million waiting tasks cost
// ./executor bench scale      a simulation: 10, 100 and 1,000 silos with a million waiting tasks
// ./executor bench docker     tasks in containers of a throw-away engine, against docker run
// ./executor bench ssh        tasks over SSH to a throw-away sshd, against ssh itself
// ./executor bench cluster    tasks a second through three silos on PostgreSQL; "cluster events": a scheduler's events by long poll and as a stream
return args switch
{
    [] or ["isolation", ..] => await IsolationBenchmark.RunAsync(),
    ["sandbox"] => await SandboxBreakdown.RunAsync(),
    ["sessions"] => await SessionBenchmark.RunAsync(),
    ["storage", .. string[] rest] => await StorageBenchmark.RunAsync(rest),
    ["engine", .. string[] rest] => await EngineBenchmark.RunAsync(rest),
    ["scale", .. string[] rest] => ScaleBenchmark.Run(rest),
    ["cluster", "events", .. string[] rest] => await EventBenchmark.RunAsync(rest),
    ["cluster", .. string[] rest] => await ClusterBenchmark.RunAsync(rest),
    ["docker"] => await DockerBenchmark.RunAsync(),
    ["ssh"] => await SshBenchmark.RunAsync(),
    _ => Usage(args[0]),
};

static int Usage(string name)
{
    Console.Error.WriteLine($"There is no benchmark '{name}'; there are: isolation (the default), sandbox, sessions, storage, engine, scale, docker, ssh, cluster, parts.");
    return 2;
}
