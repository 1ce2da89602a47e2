using System.Globalization;
using System.Net;
using System.Text;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Docker.Options;
using Executor.Runners.Local.Options;
using Executor.Runners.Ssh.Options;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Storage;
using Executor.Text;
using Microsoft.Extensions.Logging;

namespace Executor.Configuration;

/// <summary>Random configurations, and a way to write them as YAML that knows nothing of the reader.</summary>
internal sealed class RandomConfiguration(Random random)
{
    private static readonly string[] Letters =
        [.. "abz AZ09_-./:#'\"\\%@&*!|>{}[],?=~$\té漢😀".EnumerateRunes().Select(letter => letter.ToString())];

    public ExecutorConfiguration Next() => new()
    {
        CodeExecutors = [.. Many(() => Local()), .. Many(() => Docker()), .. Many(() => Ssh())],
        Logging = [Logger("main"), .. Many(() => Logger(Name()))],
        Limits = Maybe(Limits),
        LimitsCeiling = Maybe(Limits),
        Runtimes = Many(Runtime).ToDictionary(_ => Name()),
        Sandbox = new SandboxOptions { ReadOnlyPaths = Many(() => "/" + Text()), Python = Maybe(Text), Preload = Many(Text), AgentsMax = random.Next(1, 257) },
        Server = new ServerOptions
        {
            Host = Text(),
            Port = random.Next(0, 65_536),
            ApiKeys = Many(() => new Secret(Text())),
            MaxBodyMb = random.Next(1, 2048),
            MaxQueue = random.Next(1, 100_000_001),
            PriorityAging = TimeSpan.FromSeconds(random.Next(31_536_001)),
            MaxRequestsPerSec = random.Next(2) == 0 ? null : random.Next(1, 1_000_001),
        },
        Storage = new StorageOptions
        {
            Postgres = Maybe(() => new Secret(Text())),
            PostgresConnections = random.Next(2) == 0 ? null : random.Next(3, 1_001),
            Retention = new RetentionOptions { MaxAge = random.Next(2) == 0 ? null : TimeSpan.FromDays(random.Next(1, 36_501)), MaxTasks = random.Next(2) == 0 ? null : random.Next(1, int.MaxValue) },
        },
        Sessions = new SessionOptions { Max = random.Next(0, 10_001), IdleTimeout = TimeSpan.FromSeconds(random.Next(1, 604_801)) },
        Cluster = new ClusterNodeOptions
        {
            Name = Text(),
            Queue = $"q{random.Next()}_{random.Next(10)}",
            Address = new IPAddress(random.Next()),
            SiloPort = random.Next(1, 65_536),
            GatewayPort = random.Next(1, 65_536),
            Dashboard = random.Next(2) == 0,
            Tls = Maybe(() => new ClusterTlsOptions { Certificate = Text(), Key = Text(), Ca = Text() }),
            TrustNetwork = random.Next(2) == 0,
        },
        Executors = Many(() => new WorkerOptions { Name = Name(), Python = Maybe(Text), MaxTasks = random.Next(1, 1001), Capabilities = Many(Text), Env = Map() }),
    };

    /// <summary>The configuration as maps, lists and texts: everything it holds, secrets too.</summary>
    public static Dictionary<string, object?> Tree(ExecutorConfiguration configuration) => new()
    {
        ["code_executors"] = new Dictionary<string, object?>
        {
            ["local"] = configuration.CodeExecutors.OfType<LocalCodeExecutorOptions>().ToDictionary(local => local.Name, object? (local) => Common(local, new() { ["work_dir"] = local.WorkDir })),
            ["docker"] = configuration.CodeExecutors.OfType<DockerCodeExecutorOptions>().ToDictionary(docker => docker.Name, object? (docker) => Common(docker, new()
            {
                ["image"] = docker.Image,
                ["cpus_limit_cores"] = Number(docker.CpusLimitCores),
                ["network"] = docker.Network,
                ["user"] = docker.User,
                ["mounts"] = docker.Mounts.Select(mount => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : "")}").ToList(),
                ["gpus"] = docker.Gpus == -1 ? "all" : Number(docker.Gpus),
                ["pull_policy"] = docker.PullPolicy.ToString().ToLowerInvariant(),
                ["pool_size"] = Number(docker.PoolSize),
            })),
            ["ssh"] = configuration.CodeExecutors.OfType<SshCodeExecutorOptions>().ToDictionary(ssh => ssh.Name, object? (ssh) => Common(ssh, new()
            {
                ["host"] = ssh.Host,
                ["port"] = Number(ssh.Port),
                ["username"] = ssh.Username,
                ["password"] = ssh.Password?.Reveal(),
                ["private_key"] = ssh.PrivateKey,
                ["passphrase"] = ssh.Passphrase?.Reveal(),
                ["known_hosts"] = ssh.KnownHosts == KnownHostsPolicy.AcceptNew ? "accept-new" : ssh.KnownHosts.ToString().ToLowerInvariant(),
                ["known_hosts_file"] = ssh.KnownHostsFile,
                ["work_dir"] = ssh.WorkDir,
                ["max_tasks"] = Number(ssh.MaxTasks),
            })),
        },
        ["logging"] = configuration.Logging.ToDictionary(logger => logger.Name, object? (logger) => new Dictionary<string, object?>
        {
            ["console_level"] = Level(logger.ConsoleLevel),
            ["file_level"] = Level(logger.FileLevel),
            ["file"] = logger.File,
            ["max_size_mb"] = Number(logger.MaxSizeMb),
            ["max_backups"] = Number(logger.MaxBackups),
            ["max_age_days"] = Number(logger.MaxAgeDays),
        }),
        ["limits"] = Tree(configuration.Limits),
        ["limits_ceiling"] = Tree(configuration.LimitsCeiling),
        ["runtimes"] = configuration.Runtimes.ToDictionary(pair => pair.Key, object? (pair) => Tree(pair.Value)),
        ["sandbox"] = new Dictionary<string, object?>
        {
            ["python"] = configuration.Sandbox.Python,
            ["read_only_paths"] = configuration.Sandbox.ReadOnlyPaths,
            ["preload"] = configuration.Sandbox.Preload,
            ["agents_max"] = Number(configuration.Sandbox.AgentsMax),
        },
        ["server"] = new Dictionary<string, object?>
        {
            ["host"] = configuration.Server.Host,
            ["port"] = Number(configuration.Server.Port),
            ["api_keys"] = configuration.Server.ApiKeys.Select(key => key.Reveal()).ToList(),
            ["max_body_mb"] = Number(configuration.Server.MaxBodyMb),
            ["priority_aging_sec"] = Number((int)configuration.Server.PriorityAging.TotalSeconds),
            ["max_queue"] = Number(configuration.Server.MaxQueue),
            ["max_requests_per_sec"] = Number(configuration.Server.MaxRequestsPerSec ?? 0),
        },
        ["storage"] = new Dictionary<string, object?>
        {
            ["postgres"] = configuration.Storage.Postgres?.Reveal(),
            ["postgres_connections"] = configuration.Storage.PostgresConnections is int connections ? Number(connections) : null,
            ["retention"] = new Dictionary<string, object?>
            {
                ["max_age_days"] = Number(configuration.Storage.Retention.MaxAge?.TotalDays ?? 0),
                ["max_tasks"] = Number(configuration.Storage.Retention.MaxTasks ?? 0),
            },
        },
        ["sessions"] = new Dictionary<string, object?>
        {
            ["max"] = Number(configuration.Sessions.Max),
            ["idle_timeout_sec"] = Number(configuration.Sessions.IdleTimeout.TotalSeconds),
        },
        ["cluster"] = new Dictionary<string, object?>
        {
            ["name"] = configuration.Cluster.Name,
            ["address"] = configuration.Cluster.Address.ToString(),
            ["queue"] = configuration.Cluster.Queue,
            ["silo_port"] = Number(configuration.Cluster.SiloPort),
            ["gateway_port"] = Number(configuration.Cluster.GatewayPort),
            ["dashboard"] = configuration.Cluster.Dashboard ? "true" : "false",
            ["tls"] = configuration.Cluster.Tls is not { } tls ? null : new Dictionary<string, object?> { ["certificate"] = tls.Certificate, ["key"] = tls.Key, ["ca"] = tls.Ca },
            ["trust_network"] = configuration.Cluster.TrustNetwork ? "true" : "false",
        },
        ["executors"] = configuration.Executors.ToDictionary(worker => worker.Name, object? (worker) => new Dictionary<string, object?>
        {
            ["python"] = worker.Python,
            ["max_tasks"] = Number(worker.MaxTasks),
            ["capabilities"] = worker.Capabilities,
            ["env"] = worker.Env.ToDictionary(pair => pair.Key, object? (pair) => pair.Value),
        }),
    };

    /// <summary>Writes a tree in randomly chosen styles: block and flow, plain and quoted.</summary>
    public string Yaml(object? node)
    {
        StringBuilder yaml = new();
        Write(node, yaml, 0);
        return yaml.ToString();
    }

    private void Write(object? node, StringBuilder yaml, int indent)
    {
        string margin = new(' ', indent);
        switch (node)
        {
            case IReadOnlyDictionary<string, object?> { Count: > 0 } map when random.Next(4) > 0:
                foreach ((string key, object? value) in map)
                {
                    yaml.Append(yaml.Length == 0 || yaml[^1] == '\n' ? margin : $"\n{margin}").Append(Scalar(key)).Append(": ");
                    Write(value, yaml, indent + 2);
                }

                yaml.Append('\n');
                break;
            case IReadOnlyDictionary<string, object?> map:
                yaml.Append('{');
                foreach ((string key, object? value) in map)
                {
                    yaml.Append(Scalar(key)).Append(": ").Append(Flow(value)).Append(", ");
                }

                yaml.Append('}');
                break;
            case IReadOnlyList<string> { Count: > 0 } list when random.Next(2) == 0:
                foreach (string item in list)
                {
                    yaml.Append('\n').Append(margin).Append("- ").Append(Scalar(item)).Append(random.Next(4) == 0 ? " # comment" : "");
                }

                yaml.Append('\n');
                break;
            default:
                yaml.Append(Flow(node));
                break;
        }
    }

    private string Flow(object? node) => node switch
    {
        null => "null",
        string text => Scalar(text),
        IReadOnlyList<string> list => $"[{string.Join(", ", list.Select(Scalar))}]",
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(", ", map.Select(pair => $"{Scalar(pair.Key)}: {Flow(pair.Value)}"))}}}",
        _ => throw new ArgumentException($"A tree has no {node.GetType()}."),
    };

    private string Scalar(string text)
    {
        string raw = text.Replace("${", "$${", StringComparison.Ordinal);
        bool mayBePlain = raw.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') && raw is not ("" or "null");
        return random.Next(3) switch
        {
            0 when mayBePlain => raw,
            1 => $"'{raw.Replace("'", "''", StringComparison.Ordinal)}'",
            _ => $"\"{raw.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\"",
        };
    }

    private static Dictionary<string, object?> Tree(RuntimeOverride runtime) => new()
    {
        ["enabled"] = runtime.Enabled?.ToString().ToLowerInvariant(),
        ["like"] = runtime.Like,
        ["aliases"] = runtime.Aliases,
        ["extensions"] = runtime.Extensions,
        ["source_file"] = runtime.SourceFile,
        ["interpreter"] = runtime.Interpreter,
        ["compile"] = runtime.Compile,
        ["run"] = runtime.Run,
        ["flags"] = runtime.Flags,
        ["env"] = runtime.Env?.ToDictionary(variable => variable.Key, object? (variable) => variable.Value),
        ["limits"] = Tree(runtime.Limits),
        ["compile_limits"] = Tree(runtime.CompileLimits),
        ["compile_timeout_sec"] = runtime.CompileTimeout is TimeSpan time ? Number(time.TotalSeconds) : null,
        ["warm"] = runtime.Warm switch { null => null, WarmKind.None => "none", WarmKind.ForkPython => "fork_python", _ => "prestart_node" },
        ["read_only_paths"] = runtime.ReadOnlyPaths,
        ["version_args"] = runtime.VersionArgs,
        ["install_hint"] = runtime.InstallHint,
    };

    private static Dictionary<string, object?>? Tree(TaskLimits? limits) => limits is null ? null : new()
    {
        ["memory_mb"] = Number(limits.MemoryMb),
        ["stack_mb"] = Number(limits.StackMb),
        ["cpu_time"] = Number(limits.CpuTime),
        ["pids"] = Number(limits.Pids),
        ["open_files"] = Number(limits.OpenFiles),
        ["file_size_mb"] = Number(limits.FileSizeMb),
        ["disk_mb"] = Number(limits.DiskMb),
        ["output_kb"] = Number(limits.OutputKb),
        ["network"] = limits.Network?.ToString().ToLowerInvariant(),
    };

    private static Dictionary<string, object?> Common(CodeExecutorOptions options, Dictionary<string, object?> rest)
    {
        rest["code_executor_path"] = options.CodeExecutorPath;
        rest["timeout_sec"] = Number(options.Timeout.TotalSeconds);
        rest["limits"] = Tree(options.Limits);
        return rest;
    }

    private LocalCodeExecutorOptions Local() =>
        new() { Name = Name(), CodeExecutorPath = Maybe(Text), Timeout = Time(), Limits = Maybe(Limits), WorkDir = Maybe(Text) };

    private DockerCodeExecutorOptions Docker() => new()
    {
        Name = Name(),
        Image = Text(),
        CodeExecutorPath = Maybe(Text),
        Timeout = Time(),
        Limits = Limits() with { MemoryMb = 5, Pids = 6 },
        CpusLimitCores = random.NextDouble() + 0.001,
        Network = Maybe(Text),
        User = Maybe(Text),
        Mounts = Many(() => new DockerMount("/a", "/b", random.Next(2) == 0)),
        Gpus = random.Next(-1, 65),
        PullPolicy = (ImagePullPolicy)random.Next(3),
        PoolSize = random.Next(1001),
    };

    private SshCodeExecutorOptions Ssh() => new()
    {
        Name = Name(),
        Host = Text(),
        Username = Text(),
        Port = random.Next(1, 65_536),
        Password = new Secret(Text()),
        PrivateKey = Maybe(Text),
        Passphrase = Maybe(() => new Secret(Text())),
        KnownHosts = (KnownHostsPolicy)random.Next(3),
        KnownHostsFile = Maybe(Text),
        WorkDir = Maybe(Text),
        MaxTasks = random.Next(1, 1001),
        CodeExecutorPath = Maybe(Text),
        Timeout = Time(),
        Limits = Maybe(Limits),
    };

    private LoggingOptions Logger(string name) => new()
    {
        Name = name,
        ConsoleLevel = (LogLevel)random.Next(7),
        FileLevel = (LogLevel)random.Next(7),
        File = Text(),
        MaxSizeMb = random.Next(1, 1_000_001),
        MaxBackups = random.Next(10_001),
        MaxAgeDays = random.Next(36_501),
    };

    private RuntimeOverride Runtime() => new()
    {
        Enabled = random.Next(3) switch { 0 => null, 1 => true, _ => false },
        Like = Maybe(Text),
        Aliases = Maybe(() => Many(Text)),
        Extensions = Maybe(() => Many(() => ".x")),
        SourceFile = Maybe(() => "main.x"),
        Interpreter = Maybe(() => Many(Text, 1)),
        Compile = Maybe(() => Many(Text)),
        Run = Maybe(() => Many(Text, 1)),
        Flags = Maybe(() => Many(Text)),
        Env = Maybe(Map),
        Limits = Maybe(Limits),
        CompileLimits = Maybe(Limits),
        CompileTimeout = random.Next(2) == 0 ? null : Time(),
        Warm = random.Next(2) == 0 ? null : (WarmKind)random.Next(3),
        ReadOnlyPaths = Maybe(() => Many(Text)),
        VersionArgs = Maybe(() => Many(Text)),
        InstallHint = Maybe(Text),
    };

    private TaskLimits Limits() => new()
    {
        MemoryMb = random.Next(1, 1_048_577),
        StackMb = random.Next(2) == 0 ? null : random.Next(1, 1_048_577),
        CpuTime = random.Next(2) == 0 ? null : random.NextDouble() + 0.001,
        Pids = random.Next(1, 32_769),
        OpenFiles = random.Next(16, 1_048_577),
        OutputKb = random.Next(2) == 0 ? null : random.Next(1, 1_048_577),
        Network = random.Next(2) == 0 ? null : random.Next(2) == 0,
    };

    private TimeSpan Time() => TimeSpan.FromMilliseconds(random.Next(1, 86_400_001));

    private Dictionary<string, string> Map() => Enumerable.Range(0, random.Next(3)).ToDictionary(i => $"V{i}", _ => Text());

    private string Name() => $"n{random.NextInt64():x}";

    /// <summary>A text that is not blank and not a path in the home folder.</summary>
    private string Text() =>
        "x" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Letters[random.Next(Letters.Length)]))
        + (random.Next(8) == 0 ? "${HOME}" : "");

    private List<T> Many<T>(Func<T> make, int min = 0) => [.. Enumerable.Range(0, random.Next(min, 4)).Select(_ => make())];

    private T? Maybe<T>(Func<T> make)
        where T : class => random.Next(2) == 0 ? null : make();

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "off",
    };

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
