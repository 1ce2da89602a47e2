using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Docker.Options;
using Executor.Runners.Docker.Tests.Engine;
using Executor.Tasks;

namespace Executor.Runners.Docker.Tests.Containers;

/// <summary>What a task in a container can't do, and what it is given.</summary>
public sealed class IsolationTests(EngineFixture engine) : DockerTest(engine)
{
    [Fact]
    public async Task Task_is_nobody_without_capabilities_or_a_way_to_new_ones()
    {
        TaskResult result = await Docker.RunAsync(
            Code("import os\ns = dict(l.split(':\\t', 1) for l in open('/proc/self/status').read().splitlines() if ':\\t' in l)\nprint(os.getuid(), os.getgid(), int(s['CapEff'], 16), int(s['CapBnd'], 16), s['NoNewPrivs'], s['Seccomp'])"),
            Python);

        Assert.Equal("65534 65534 0 0 1 2\n", result.Stdout);
    }

    [Fact]
    public async Task Root_is_read_only_and_the_tasks_own_folders_are_not()
    {
        TaskResult result = await Docker.RunAsync(
            Code("for path in ['/etc/x', '/usr/x', '/x', '/work/x', '/tmp/x', '/dev/shm/x']:\n    try:\n        open(path, 'w').close(); print(path, 'ok')\n    except OSError as e:\n        print(path, e.errno in (13, 30))"),
            Python);

        Assert.Equal("/etc/x True\n/usr/x True\n/x True\n/work/x ok\n/tmp/x ok\n/dev/shm/x ok\n", result.Stdout);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(1, 1)]
    [InlineData(1.5, 2)]
    public async Task Cores_that_a_program_counts_are_those_it_may_use(double limit, int cores)
    {
        Requirement.Check(Environment.ProcessorCount < 2 ? "the machine has one core only" : null);
        TaskResult result = await Docker.RunAsync(
            Code("import os, subprocess, sys\nchild = subprocess.check_output([sys.executable, '-c', 'import os; print(len(os.sched_getaffinity(0)))'], text=True)\nprint(os.cpu_count(), len(os.sched_getaffinity(0)), child, end='')"),
            Python with { CpusLimitCores = limit });

        Assert.Equal($"{cores} {cores} {cores}\n", result.Stdout);
    }

    [Fact]
    public async Task Containers_with_one_core_each_spread_over_the_cores()
    {
        Requirement.Check(Environment.ProcessorCount < 2 ? "the machine has one core only" : null);
        HashSet<string> seen = [];
        for (int i = 0; i < Environment.ProcessorCount; i++)
        {
            seen.Add((await Docker.RunAsync(Code("import os; print(os.sched_getaffinity(0))"), Python with { CpusLimitCores = 1 })).Stdout);
        }

        Assert.True(seen.Count > 1, string.Join("", seen));
    }

    [Fact]
    public async Task Network_is_off_unless_allowed()
    {
        TaskResult result = await Docker.RunAsync(Code("print(sorted(l.split(':')[0].strip() for l in open('/proc/net/dev') if ':' in l))"), Python);

        Assert.Equal("['lo']\n", result.Stdout);
    }

    [Fact]
    public async Task Task_can_not_look_into_the_agent_or_end_it()
    {
        TaskResult result = await Docker.RunAsync(
            Code("import os, signal\nfor number in (2, 9, 15, 19): os.kill(1, number)\nfor path in ('/proc/1/mem', '/proc/1/environ', '/proc/1/fd'):\n    try:\n        os.listdir(path) if path.endswith('fd') else open(path, 'rb').read(1); print('open')\n    except OSError as e: print(e.errno)"),
            Python);

        Completed(result);
        Assert.Equal("13\n13\n13\n", result.Stdout);
    }

    [Fact]
    public async Task Memory_over_the_limit_is_told_from_a_crash()
    {
        TaskResult result = await Docker.RunAsync(
            Code("kept = []\nwhile True: kept.append(b'x' * (1 << 20))") with { Limits = new TaskLimits { MemoryMb = 60 } }, Python);

        Assert.Equal((true, TaskErrorTypes.OutOfMemory), (result.OomKilled, result.Error?.Type));
        TaskResult crash = await Docker.RunAsync(Code("import os; os.kill(os.getpid(), 9)"), Python);
        Assert.Equal((false, TaskErrorTypes.Signal, "SIGKILL"), (crash.OomKilled, crash.Error?.Type, crash.Signal));
    }

    [Fact]
    public async Task Processes_over_the_limit_are_refused_and_ended_ones_do_not_count()
    {
        TaskResult result = await Docker.RunAsync(
            new TaskSpec { Language = "bash", Code = "for i in $(seq_() { for ((n=0;n<60;n++)); do echo $n; done; }; seq_); do (true &); done; sleep 0.3; echo orphans reaped" } with
            {
                Limits = new TaskLimits { Pids = 20 },
            },
            Python);
        Assert.Equal("orphans reaped\n", result.Stdout);

        TaskResult bomb = await Docker.RunAsync(
            Code("import os, time\nn = 0\ntry:\n    while True:\n        if os.fork() == 0: time.sleep(60)\n        n += 1\nexcept OSError as e: print(n, e.errno)") with { Limits = new TaskLimits { Pids = 20 } },
            Python);
        Assert.Equal("19 11\n", bomb.Stdout);
    }

    [Fact]
    public async Task Limits_of_a_prepared_container_become_the_tasks_own()
    {
        const string code = "print([l for l in (open('/sys/fs/cgroup/memory/memory.limit_in_bytes') if __import__('os').path.exists('/sys/fs/cgroup/memory') else open('/sys/fs/cgroup/memory.max'))][0].strip())";
        TaskSpec task = Code(code);

        Assert.Equal($"{(256 + 16) << 20}\n", (await Docker.RunAsync(task, Python)).Stdout);
        Assert.Equal($"{(256 + 16) << 20}\n", (await Docker.RunAsync(task, Python)).Stdout);
        Assert.Equal($"{(99 + 16) << 20}\n", (await Docker.RunAsync(task with { Limits = new TaskLimits { MemoryMb = 99 } }, Python)).Stdout);
    }

    [Fact]
    public async Task Full_disk_names_the_setting()
    {
        TaskResult result = await Docker.RunAsync(
            Code("open('x')") with { Files = new Dictionary<string, TaskFile> { ["big"] = new() { Content = new string('x', 3 << 20) } }, Limits = new TaskLimits { DiskMb = 2 } },
            Python);

        Assert.Equal(TaskErrorTypes.StartFailed, result.Error!.Type);
        Assert.Contains("limits.disk_mb is 2", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_that_fills_its_disk_is_told_the_setting()
    {
        TaskResult result = await Docker.RunAsync(Code("open('big', 'wb').write(b'x' * (3 << 20))") with { Limits = new TaskLimits { DiskMb = 2 } }, Python);

        Assert.Equal("OSError", result.Error!.Type);
        Assert.Contains("limits.disk_mb is 2", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mounted_folder_is_seen_and_read_only_where_it_says_so()
    {
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"executor-mount-{Guid.NewGuid():N}")).FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "data.txt"), "from the host");
            DockerCodeExecutorOptions executor = Python with { Mounts = [new DockerMount(folder, "/mnt/data", ReadOnly: true)] };
            // The image has no such folder, and its root can't be written: the engine makes the mount's target.
            TaskResult result = await Docker.RunAsync(
                Code("print(open('/mnt/data/data.txt').read())\ntry: open('/mnt/data/new', 'w')\nexcept OSError as e: print(e.errno)"), executor);

            Completed(result);
            Assert.Equal("from the host\n30\n", result.Stdout);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Environment_of_the_image_is_kept_under_the_tasks_own()
    {
        TaskResult result = await Docker.RunAsync(
            Code("import os; print(os.environ['PATH'].split(':')[0], os.environ['HOME'], os.environ['MINE'])") with { Env = new Dictionary<string, string> { ["MINE"] = "yes" } }, Python);

        Assert.Equal("/usr/local/sbin /tmp yes\n", result.Stdout);
    }
}
