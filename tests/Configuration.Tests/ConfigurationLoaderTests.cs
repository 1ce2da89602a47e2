using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Docker.Options;
using Executor.Runners.Local.Options;
using Executor.Runners.Ssh.Options;
using Executor.Runtimes;
using Executor.Storage;
using Microsoft.Extensions.Logging;

namespace Executor.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Load_without_file_and_variables_is_the_default() =>
        Assert.Same(ExecutorConfiguration.Default, Load.Environment(("PATH", "/bin"), ("EXECUTOR_DEBUG", "1"), ("EXECUTOR__SERVER__PORT", "")));

    [Fact]
    public void Load_without_an_environment_given_reads_the_process_one()
    {
        const string name = "EXECUTOR__SANDBOX__AGENTS_MAX";
        Environment.SetEnvironmentVariable(name, "3");
        try
        {
            Assert.Equal(3, ConfigurationLoader.Load(null, Load.CodeExecutors).Sandbox.AgentsMax);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Assert.Same(ExecutorConfiguration.Default, ConfigurationLoader.Load(null, Load.CodeExecutors));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    [InlineData("server:\nlogging:\n  main:\ncode_executors: {}\n")]
    [InlineData("\uFEFFserver: {}")]
    public void Load_file_that_says_nothing_has_the_defaults(string yaml)
    {
        ExecutorConfiguration configuration = Load.Yaml(yaml);

        Assert.Equal(new ServerOptions(), configuration.Server);
        Assert.Equal(new LoggingOptions { Name = "main" }, Assert.Single(configuration.Logging));
        Assert.Empty(configuration.CodeExecutors);
        Assert.Null(configuration.Limits);
    }

    [Fact]
    public void Load_documented_docker_ssh_local_and_logging_sections_are_read()
    {
        ExecutorConfiguration configuration = Load.Yaml("""
            code_executors:
              docker:
                docker_python_default:
                  code_executor_path: "/usr/local/bin/python3.11"
                  timeout_sec: 30
                  image: "python:3.11-alpine"
                  mem_limit_mb: 1024
                  cpus_limit_cores: 1
                  pids_limit: 50
              ssh:
                ssh_python_default:
                  code_executor_path: "/usr/local/bin/python3.11"
                  timeout_sec: 30
                  host: "localhost"
                  port: 22
                  username: "user"
                  password: "password"
                  private_key: "~/.ssh/id_rsa"
              local:
                local_python_default:
                  code_executor_path: "/usr/local/bin/python3.11"
                  timeout_sec: 30
            logging:
              main:
                console_level: "info"
                file_level: "debug"
                file: "logs/main.log"
                max_size_mb: 1000
                max_backups: 3
                max_age_days: 28
            """);

        var docker = Assert.IsType<DockerCodeExecutorOptions>(CodeExecutorChoice.Named(configuration.CodeExecutors, "docker_python_default"));
        Assert.Equal("python:3.11-alpine", docker.Image);
        Assert.Equal("/usr/local/bin/python3.11", docker.CodeExecutorPath);
        Assert.Equal(TimeSpan.FromSeconds(30), docker.Timeout);
        Assert.Equal(new TaskLimits { MemoryMb = 1024, Pids = 50 }, docker.Limits);
        Assert.Equal(1, docker.CpusLimitCores);

        var ssh = Assert.IsType<SshCodeExecutorOptions>(CodeExecutorChoice.Named(configuration.CodeExecutors, "ssh_python_default"));
        Assert.Equal(("localhost", 22, "user", "password"), (ssh.Host, ssh.Port, ssh.Username, ssh.Password?.Reveal()));
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh/id_rsa"), ssh.PrivateKey);
        Assert.Equal(KnownHostsPolicy.AcceptNew, ssh.KnownHosts);

        CodeExecutorOptions? local = CodeExecutorChoice.Named(configuration.CodeExecutors, "local_python_default");
        Assert.Equal(("/usr/local/bin/python3.11", TimeSpan.FromSeconds(30)), (local?.CodeExecutorPath, local?.Timeout));
        Assert.Equal(
            new LoggingOptions
            {
                Name = "main", ConsoleLevel = LogLevel.Information, FileLevel = LogLevel.Debug, File = "logs/main.log", MaxSizeMb = 1000, MaxBackups = 3, MaxAgeDays = 28,
            },
            Assert.Single(configuration.Logging));
    }

    [Fact]
    public void Load_docker_entry_with_image_alone_has_the_documented_defaults()
    {
        var docker = (DockerCodeExecutorOptions)Load.Yaml("code_executors: {docker: {d: {image: alpine}}}").CodeExecutors[0];

        Assert.Equal(new TaskLimits { MemoryMb = 256, Pids = 50 }, docker.Limits);
        Assert.Equal((1d, TimeSpan.FromSeconds(30), 0, 2), (docker.CpusLimitCores, docker.Timeout, docker.Gpus, docker.PoolSize));
        Assert.Equal((ImagePullPolicy.Missing, null, null), (docker.PullPolicy, docker.Network, docker.User));
        Assert.Empty(docker.Mounts);
    }

    [Fact]
    public void Load_docker_entry_reads_every_key()
    {
        var docker = (DockerCodeExecutorOptions)Load.Yaml("""
            code_executors:
              docker:
                d:
                  image: registry.example:5000/python@sha256:0123
                  network: tasks
                  user: "1000:1000"
                  mounts: [/data:/data:ro, cache:/cache]
                  gpus: all
                  pull_policy: never
                  pool_size: 4
                  cpus_limit_cores: 0.5
                  pids_limit: 9
                  limits: {memory_mb: 77, network: true}
            """).CodeExecutors[0];

        Assert.Equal([new DockerMount("/data", "/data", true), new DockerMount("cache", "/cache", false)], docker.Mounts);
        Assert.Equal(("tasks", "1000:1000", -1, ImagePullPolicy.Never, 4, 0.5), (docker.Network, docker.User, docker.Gpus, docker.PullPolicy, docker.PoolSize, docker.CpusLimitCores));
        Assert.Equal(new TaskLimits { MemoryMb = 77, Pids = 9, Network = true }, docker.Limits);
    }

    [Fact]
    public void Load_ssh_and_local_entries_read_every_key()
    {
        ExecutorConfiguration configuration = Load.Yaml("""
            code_executors:
              ssh:
                s: {host: h, port: 2222, username: u, private_key: /k, passphrase: p, known_hosts: strict, known_hosts_file: /kh, work_dir: /var/tmp, max_tasks: 3}
              local:
                l: {work_dir: /scratch, limits: {open_files: 16}}
            """);

        var local = Assert.IsType<LocalCodeExecutorOptions>(configuration.CodeExecutors[0]);
        var ssh = Assert.IsType<SshCodeExecutorOptions>(configuration.CodeExecutors[1]);
        Assert.Equal((2222, "/k", "p", KnownHostsPolicy.Strict, "/kh", "/var/tmp", 3), (ssh.Port, ssh.PrivateKey, ssh.Passphrase?.Reveal(), ssh.KnownHosts, ssh.KnownHostsFile, ssh.WorkDir, ssh.MaxTasks));
        Assert.Null(ssh.Password);
        Assert.Equal(("/scratch", 16, TimeSpan.FromSeconds(300)), (local.WorkDir, local.Limits?.OpenFiles, local.Timeout));
    }

    [Fact]
    public void Load_runtime_override_keeps_what_is_not_named_null()
    {
        (string name, RuntimeOverride runtime) = Assert.Single(Load.Yaml("runtimes: {python: {interpreter: /venv/bin/python}}").Runtimes);

        Assert.Equal("python", name);
        Assert.Equal(["/venv/bin/python"], runtime.Interpreter);
        Assert.Null(runtime.Run);
        Assert.Null(runtime.Env);
        Assert.Null(runtime.Warm);
        Assert.Null(runtime.CompileTimeout);
    }

    [Fact]
    public void Load_runtime_reads_every_key()
    {
        (string name, RuntimeOverride runtime) = Assert.Single(Load.Yaml("""
            runtimes:
              c++23:
                aliases: [cxx]
                extensions: [.cc, .cxx]
                source_file: main.cc
                interpreter: [g++-14, g++]
                compile: ["{interpreter}", "-o", main, "{source}"]
                run: ["./main", "{args}"]
                env: {CXXFLAGS: -O2, EMPTY: , N: 1}
                limits: {pids: 3}
                compile_limits: {memory_mb: 2048}
                compile_timeout_sec: 120
                warm: none
                read_only_paths: [/opt/gcc]
                version_args: [-v]
                install_hint: apt-get install g++
            """).Runtimes);

        Assert.Equal("c++23", name);
        Assert.Equal([".cc", ".cxx"], runtime.Extensions);
        Assert.Equal(["g++-14", "g++"], runtime.Interpreter);
        Assert.Equal(["{interpreter}", "-o", "main", "{source}"], runtime.Compile);
        Assert.Equal(["./main", "{args}"], runtime.Run);
        Assert.Equal(new Dictionary<string, string> { ["CXXFLAGS"] = "-O2", ["EMPTY"] = "", ["N"] = "1" }, runtime.Env);
        Assert.Equal((3, 2048, TimeSpan.FromSeconds(120), WarmKind.None), (runtime.Limits?.Pids, runtime.CompileLimits?.MemoryMb, runtime.CompileTimeout, runtime.Warm));
        Assert.Equal(("cxx", "main.cc", "/opt/gcc", "-v", "apt-get install g++"), (runtime.Aliases?[0], runtime.SourceFile, runtime.ReadOnlyPaths?[0], runtime.VersionArgs?[0], runtime.InstallHint));
    }

    [Fact]
    public void Load_server_storage_sandbox_workers_and_limits_are_read()
    {
        ExecutorConfiguration configuration = Load.Yaml("""
            server: {host: 0.0.0.0, port: 0, api_keys: [k1, k2], max_body_mb: 8, max_queue: 5, max_requests_per_sec: 100}
            storage: {sqlite: /var/lib/tasks.db, retention: {max_age_days: 0, max_tasks: 10}}
            sandbox: {read_only_paths: [/opt/models], preload: [json, numpy], agents_max: 2}
            executors:
              torch2: {python: /venvs/torch2/bin/python, max_tasks: 2, capabilities: [gpu, torch2], env: {OMP_NUM_THREADS: 1}}
              plain:
            limits: {memory_mb: 512, stack_mb: 300, cpu_time: 2.5, pids: 10, open_files: 100, file_size_mb: 1, disk_mb: 2, output_kb: 3, network: true}
            limits_ceiling: {memory_mb: 1024, network: false}
            """);

        Assert.Equal(("0.0.0.0", 0, 8, 5, 100), (configuration.Server.Host, configuration.Server.Port, configuration.Server.MaxBodyMb, configuration.Server.MaxQueue, configuration.Server.MaxRequestsPerSec));
        Assert.Equal(["k1", "k2"], configuration.Server.ApiKeys.Select(key => key.Reveal()));
        Assert.Equal(("/var/lib/tasks.db", null, new RetentionOptions { MaxAge = null, MaxTasks = 10 }), (configuration.Storage.SqlitePath, configuration.Storage.Postgres, configuration.Storage.Retention));
        Assert.Equal(["json", "numpy"], configuration.Sandbox.Preload);
        Assert.Equal(("/opt/models", 2), (configuration.Sandbox.ReadOnlyPaths[0], configuration.Sandbox.AgentsMax));
        Assert.Equal(["torch2", "plain"], configuration.Executors.Select(worker => worker.Name));
        Assert.Equal(["gpu", "torch2"], configuration.Executors[0].Capabilities);
        Assert.Equal(("/venvs/torch2/bin/python", 2, "1"), (configuration.Executors[0].Python, configuration.Executors[0].MaxTasks, configuration.Executors[0].Env["OMP_NUM_THREADS"]));
        Assert.Equal((null, 1), (configuration.Executors[1].Python, configuration.Executors[1].MaxTasks));
        Assert.Equal(new TaskLimits { MemoryMb = 512, StackMb = 300, CpuTime = 2.5, Pids = 10, OpenFiles = 100, FileSizeMb = 1, DiskMb = 2, OutputKb = 3, Network = true }, configuration.Limits);
        Assert.Equal(new TaskLimits { MemoryMb = 1024, Network = false }, configuration.LimitsCeiling);
    }

    [Fact]
    public void Load_named_logger_takes_what_it_leaves_out_from_main()
    {
        ExecutorConfiguration configuration = Load.Yaml("""
            logging:
              api: {console_level: warning}
              main: {file: main.log, console_level: error, max_backups: 9}
            """);

        Assert.Equal(["main", "api"], configuration.Logging.Select(logger => logger.Name));
        Assert.Equal(configuration.Logging[0] with { Name = "api", ConsoleLevel = LogLevel.Warning }, configuration.Logging[1]);
    }

    [Fact]
    public void Load_reads_the_file_it_is_given()
    {
        string path = Path.Combine(folder.FullName, "config.yaml");
        File.WriteAllText(path, "server: {port: 5001}");

        Assert.Equal(5001, ConfigurationLoader.Load(path, Load.CodeExecutors).Server.Port);
    }

    [Fact]
    public void Load_unreadable_files_say_why()
    {
        string missing = Path.Combine(folder.FullName, "missing.yaml");

        Assert.Equal($"{missing}: can't read the configuration: there is no such file", FaultOf(missing));
        Assert.Equal($"{folder.FullName}: can't read the configuration: is a folder, not a file", FaultOf(folder.FullName));
        Assert.Equal("a\0b: can't read the configuration: is not a valid path", FaultOf("a\0b"));
    }

    [Fact]
    public void Load_file_that_is_not_text_is_a_fault()
    {
        string path = Path.Combine(folder.FullName, "config.yaml");
        File.WriteAllBytes(path, [.. "server:\n  host: "u8, 0xFF, 0xFE, .. "\n"u8]);

        Assert.Contains("is not UTF-8", FaultOf(path), StringComparison.Ordinal);
    }

    private static string FaultOf(string path) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(path, Load.CodeExecutors, new Dictionary<string, string>())).Message;
}
