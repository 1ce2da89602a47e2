using System.Net;
using System.Net.Sockets;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>
/// Programs that mean harm. Each must end with a clear result, and then the next task runs normally and nothing is left on the
/// machine: no process, mount, control group or folder.
/// </summary>
public sealed class HostileProgramTests
{
    private static TaskSpec Python(string code, double timeout = 20, TaskLimits? limits = null) =>
        new() { Language = "python", Code = code, Timeout = TimeSpan.FromSeconds(timeout), Limits = limits };

    private static async Task<TaskResult> AttackAsync(TaskSpec task)
    {
        Leftovers before = Leftovers.Now();
        TaskResult result;
        await using (LocalRunner local = LocalRunner.Sandboxed())
        {
            result = await local.RunAsync(task);
            TaskResult next = await local.RunAsync(Python("print('fine')"));
            Assert.True(next.Success, $"the next task: {next.Error} {next.Stderr}");
            Assert.Equal("fine\n", next.Stdout);
        }

        Leftovers.Now().AssertNothingSince(before);
        Assert.False(result.IsInfrastructureFailure, $"{result.Error}");
        return result;
    }

    private static async Task<string> PrintedAsync(string code, TaskLimits? limits = null)
    {
        TaskResult result = await AttackAsync(Python(code, limits: limits));
        Assert.True(result.Success, $"{result.Error} {result.Stdout} {result.Stderr}");
        return result.Stdout;
    }

    [Fact]
    public async Task Fork_bomb_is_bounded_and_ended()
    {
        TaskResult result = await AttackAsync(Python("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", timeout: 3));

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.True(result.TimedOut || result.Error!.Type == TaskErrorTypes.CpuTimeLimit, $"{result.Error}");
    }

    [Fact]
    public async Task Processes_are_counted_for_the_task_alone()
    {
        string printed = await PrintedAsync(
            "import os, time\nn = 0\ntry:\n    while n < 500:\n        if os.fork() == 0:\n            time.sleep(9); os._exit(0)\n        n += 1\nexcept OSError as e: print(n, e.strerror)",
            new TaskLimits { Pids = 20 });

        Assert.Equal("19 Resource temporarily unavailable\n", printed);
    }

    [Fact]
    public async Task Ten_gigabytes_are_not_given()
    {
        TaskResult result = await AttackAsync(Python("data = bytearray(10 << 30)\nfor i in range(0, len(data), 4096): data[i] = 1"));

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.True(result.OomKilled || result.Error!.Type == "MemoryError", $"{result.Error}");
    }

    [Fact]
    public async Task Memory_of_many_processes_together_is_limited()
    {
        TaskResult result = await AttackAsync(Python(
            "import os, time\nfor _ in range(10):\n    if os.fork() == 0:\n        data = b'x' * (60 << 20)\n        time.sleep(10)\n        os._exit(0)\ntime.sleep(2)\nprint(sum(os.waitpid(-1, os.WNOHANG) != (0, 0) for _ in range(10)) > 3)"));

        Assert.True(result.OomKilled || result.Error is not null);
    }

    [Fact]
    public async Task Disk_can_not_be_filled()
    {
        string printed = await PrintedAsync(
            "import errno\nwritten = 0\ntry:\n    for n in range(100):\n        with open(f'/tmp/f{n}', 'wb', buffering=0) as f: written += f.write(b'x' * (8 << 20))\nexcept OSError as e: print(errno.errorcode[e.errno], written >> 20)");

        Assert.Contains(printed, new[] { "ENOSPC 63\n", "ENOSPC 64\n" }); // the script itself takes a page
    }

    [Fact]
    public async Task Hundred_thousand_files_are_refused_or_removed()
    {
        string printed = await PrintedAsync(
            "import errno\nn = 0\ntry:\n    while n < 100000:\n        open(f'f{n}', 'x').close(); n += 1\nexcept OSError as e: print(errno.errorcode[e.errno])\nprint(n > 20000)");

        Assert.Equal("ENOSPC\nTrue\n", printed);
    }

    [Fact]
    public async Task Printing_for_ever_ends_at_the_timeout()
    {
        TaskResult result = await AttackAsync(Python("while True: print('again ' * 100)", timeout: 1.5));

        Assert.Equal((true, true), (result.TimedOut, result.OutputTruncated));
        Assert.StartsWith("again again", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ignoring_every_signal_does_not_help()
    {
        TaskResult result = await AttackAsync(Python(
            "import signal, time\nfor n in range(1, 65):\n    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nprint('here')\nwhile True: time.sleep(1)",
            timeout: 1));

        Assert.Equal((true, "SIGKILL", "here\n"), (result.TimedOut, result.Signal, result.Stdout));
    }

    [Fact]
    public async Task Daemon_dies_with_the_task()
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.75";
        string printed = await PrintedAsync(
            $"import os, subprocess\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        os.execvp('sleep', ['sleep', '{mark}'])\n    os._exit(0)\nos.wait()\nprint('away')");

        Assert.Equal("away\n", printed);
        Assert.DoesNotContain(Leftovers.CommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/etc/shadow")]
    [InlineData("/etc/hostname")]
    [InlineData("/root/.profile")]
    [InlineData("/root/.ssh")]
    [InlineData("/home")]
    [InlineData("/var/log")]
    [InlineData("/sys/kernel")]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/1/root/etc")]
    [InlineData("/proc/1/cwd/")]
    [InlineData("/proc/1/environ")]
    [InlineData("/proc/1/mem")]
    public async Task Host_file_can_not_be_read(string path)
    {
        string printed = await PrintedAsync(
            $"import os\npath = '{path}'\ntry:\n    print('READ', os.listdir(path) if os.path.isdir(path) else open(path, 'rb').read(10))\nexcept OSError as e: print('refused')");

        Assert.Equal("refused\n", printed);
    }

    [Fact]
    public async Task Only_the_tasks_own_processes_are_seen()
    {
        string printed = await PrintedAsync("import os\nprint(sorted(int(n) for n in os.listdir('/proc') if n.isdigit()), os.getpid())");

        Assert.Equal("[1, 2] 2\n", printed);
    }

    [Fact]
    public async Task Another_tasks_files_are_not_there()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();
        var written = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        Task<TaskResult> first = local.RunAsync(
            Python("import time\nopen('/tmp/secret', 'w').write('mine')\nopen('secret', 'w').write('mine')\nprint('ready')\ntime.sleep(60)"),
            (_, _, _) =>
            {
                written.TrySetResult();
                return ValueTask.CompletedTask;
            },
            cancellationToken: cancel.Token);
        await written.Task;
        TaskResult second = await local.RunAsync(Python(
            "import os\nfound = [os.path.join(d, f) for top in ('/tmp', '/work', '/dev/shm', '/run', '/mnt', '/var') for d, _, fs in os.walk(top) for f in fs]\nprint(found)"));
        await cancel.CancelAsync();
        await first;

        Assert.Equal("['/work/main.py']\n", second.Stdout);
    }

    [Fact]
    public async Task Nothing_can_be_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string name = $"executor-test-{Guid.NewGuid():N}";
        unix.Bind(new UnixDomainSocketEndPoint("\0" + name));
        unix.Listen();

        string printed = await PrintedAsync(
            "import socket\n" +
            "def attempt(family, address):\n" +
            "    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(3)\n" +
            "    try: s.connect(address); print('CONNECTED', address)\n" +
            "    except OSError as e: print('refused')\n" +
            $"attempt(socket.AF_INET, ('127.0.0.1', {port}))\n" +
            "attempt(socket.AF_INET, ('192.0.2.1', 80))\n" +
            "attempt(socket.AF_INET6, ('2001:db8::1', 80))\n" +
            $"attempt(socket.AF_UNIX, '\\0{name}')\n" +
            "attempt(socket.AF_UNIX, '/var/run/docker.sock')\n");

        Assert.Equal("refused\nrefused\nrefused\nrefused\nrefused\n", printed);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Dangerous_system_calls_are_refused()
    {
        string printed = await PrintedAsync(
            """
            import ctypes, errno, os, platform
            libc = ctypes.CDLL(None, use_errno=True)
            arm = platform.machine() == 'aarch64'
            calls = {
                'mount': 40 if arm else 165, 'umount2': 39 if arm else 166, 'pivot_root': 41 if arm else 155, 'chroot': 51 if arm else 161,
                'ptrace': 117 if arm else 101, 'process_vm_readv': 270 if arm else 310, 'unshare': 97 if arm else 272, 'setns': 268 if arm else 308,
                'keyctl': 219 if arm else 250, 'add_key': 217 if arm else 248, 'bpf': 280 if arm else 321, 'perf_event_open': 241 if arm else 298,
                'userfaultfd': 282 if arm else 323, 'io_uring_setup': 425, 'io_uring_enter': 426, 'fsopen': 430, 'open_tree': 428,
                'init_module': 105 if arm else 175, 'kexec_load': 104 if arm else 246, 'reboot': 142 if arm else 169, 'open_by_handle_at': 265 if arm else 304,
            }
            for name, number in calls.items():
                result = libc.syscall(number, 0, 0, 0, 0, 0, 0)
                if result != -1 or ctypes.get_errno() != errno.EPERM: print('ALLOWED', name, result, ctypes.get_errno())
            for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000):
                if libc.syscall(220 if arm else 56, flag | 17, 0, 0, 0, 0) != -1: print('ALLOWED clone', hex(flag)); os._exit(1)
            if libc.syscall(435, 0, 0) != -1 or ctypes.get_errno() != errno.ENOSYS: print('ALLOWED clone3')
            if libc.syscall(100000, 0) != -1 or ctypes.get_errno() != errno.ENOSYS: print('ALLOWED unknown')
            import socket
            for family, kind in ((40, socket.SOCK_STREAM), (socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_INET, socket.SOCK_RAW),
                                 (socket.AF_INET6, socket.SOCK_RAW), (38, socket.SOCK_SEQPACKET), (31, socket.SOCK_RAW)):
                try: socket.socket(family, kind); print('ALLOWED socket', family, kind)
                except OSError: pass
            print('all refused')
            """);

        Assert.Equal("all refused\n", printed);
    }

    [Fact]
    public async Task Nothing_outside_its_folders_can_be_written()
    {
        string printed = await PrintedAsync(
            """
            import os
            for folder in ['/', '/usr', '/usr/bin', '/etc', '/dev', '/proc', '/proc/sys/kernel', '/run', '/mnt', '/var', '/lib']:
                try: open(os.path.join(folder, 'executor-test'), 'w'); print('WROTE', folder)
                except OSError: pass
            for path in ['/proc/sys/kernel/hostname', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/proc/sys/vm/drop_caches', '/proc/sys/net/ipv4/ip_forward', '/etc/passwd', '/usr/bin/env']:
                try: open(path, 'w').write('x'); print('WROTE', path)
                except OSError: pass
            for act in (lambda: os.chmod('/usr/bin/env', 0o777), lambda: os.unlink('/etc/passwd'), lambda: os.mknod('/tmp/d', 0o600 | 0o60000, 0x0801),
                        lambda: os.link('/usr/bin/env', '/work/env'), lambda: os.setuid(0), lambda: os.chroot('/tmp'), lambda: os.nice(-5)):
                try: act(); print('DID', act)
                except OSError: pass
            print('nothing')
            """);

        Assert.Equal("nothing\n", printed);
    }

    [Fact]
    public async Task Closing_its_descriptors_does_not_confuse_anyone()
    {
        TaskResult result = await AttackAsync(Python("import os\nprint('first')\nfor fd in range(10):\n    try: os.close(fd)\n    except OSError: pass\nos._exit(5)"));

        Assert.Equal((5, "first\n"), (result.ExitCode, result.Stdout));
    }

    [Fact]
    public async Task Garbage_to_every_descriptor_is_output_at_most()
    {
        TaskResult result = await AttackAsync(Python(
            "import os\ngarbage = bytes(range(256)) * 64\nfor fd in range(3, 4096):\n    try: os.write(fd, garbage); os.write(1, b'WROTE %d' % fd)\n    except OSError: pass\nos.write(1, b'\\0\\0\\0\\x10\\0\\0\\0\\0{\"op\": \"exit\"}')\nos.write(2, garbage)"));

        Assert.True(result.Success, $"{result.Error}");
        Assert.Equal("\0\0\0\u0010\0\0\0\0{\"op\": \"exit\"}", result.Stdout);
    }

    [Theory]
    [InlineData("os.kill(1, 9)", "survived\n")]
    [InlineData("os.kill(1, 11)", "survived\n")]
    [InlineData("os.kill(os.getppid(), 9)", "")] // its parent is outside: 0 means its own process group
    [InlineData("os.kill(-1, 9)", "survived\n")] // everything but itself and pid 1
    public async Task Killing_pid_1_or_the_parent_harms_only_the_task(string attack, string printed)
    {
        TaskResult result = await AttackAsync(Python($"import os\ntry: {attack}\nexcept OSError: pass\nprint('survived')"));

        Assert.Equal(printed, result.Stdout);
    }

    [Fact]
    public async Task Recursion_into_a_segmentation_fault_is_reported_as_one()
    {
        TaskResult result = await AttackAsync(Python("import ctypes\nctypes.string_at(0)"));

        Assert.Equal(("SIGSEGV", 139), (result.Signal, result.ExitCode));

        // A stack as large as the memory, which is the default, may end by either.
        TaskResult deep = await AttackAsync(new TaskSpec { Limits = new TaskLimits { StackMb = 16 }, Language = "c", Code = "int f(int n) { volatile char pad[4096]; pad[0] = n; return f(n + 1) + pad[0]; } int main() { return f(0); }" });
        Assert.Equal("SIGSEGV", deep.Signal);
    }

    [Fact]
    public async Task Set_user_id_programs_give_nothing()
    {
        string printed = await PrintedAsync(
            "import os, subprocess\nprint(open('/proc/self/status').read().count('0000000000000000') >= 4)\nfor p in ('/usr/bin/su', '/usr/bin/mount', '/usr/bin/passwd'):\n    if os.path.exists(p): r = subprocess.run(['sh', '-c', p + ' --version >/dev/null 2>&1; id -u'], capture_output=True, text=True); assert r.stdout.strip() == '1000', r");

        Assert.Equal("True\n", printed);
    }

    [Fact]
    public async Task System_v_shared_memory_is_gone_with_the_task()
    {
        const string make = "import ctypes\nl = ctypes.CDLL(None, use_errno=True)\nprint(l.shmget(4242, 4096, 0o1666) >= 0)";
        await using LocalRunner local = LocalRunner.Sandboxed();
        TaskResult first = await local.RunAsync(Python(make));
        TaskResult second = await local.RunAsync(Python("import ctypes\nl = ctypes.CDLL(None, use_errno=True)\nprint(l.shmget(4242, 4096, 0o666) >= 0)"));

        Assert.Equal(("True\n", "False\n"), (first.Stdout, second.Stdout));
    }

    [Fact]
    public async Task Message_queue_is_gone_with_the_task()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();
        TaskResult first = await local.RunAsync(Python("import ctypes\nrt = ctypes.CDLL('librt.so.1', use_errno=True)\nprint(rt.mq_open(b'/left', 0o102, 0o666, None) >= 0)"));
        TaskResult second = await local.RunAsync(Python("import ctypes, os\nrt = ctypes.CDLL('librt.so.1', use_errno=True)\nprint(rt.mq_open(b'/left', 2) >= 0, os.listdir('/mnt'))"));

        Assert.Equal(("True\n", "False []\n"), (first.Stdout, second.Stdout));
    }

    [Fact]
    public async Task Socket_left_listening_does_not_meet_the_next_task()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();
        TaskSpec serve = Python(
            "import socket, threading\ns = socket.socket(); s.bind(('127.0.0.1', 8000)); s.listen()\n" +
            "c = socket.create_connection(('127.0.0.1', 8000)); a, _ = s.accept(); a.send(b'x' * 100000); c.send(b'hi'); print('served')\nimport os; os.kill(os.getpid(), 9)");
        TaskResult first = await local.RunAsync(serve);
        TaskResult second = await local.RunAsync(serve);

        Assert.Equal(("served\n", "served\n"), (first.Stdout, second.Stdout));
    }

    [Fact]
    public async Task Terminals_are_the_tasks_own()
    {
        await using LocalRunner runner = LocalRunner.Sandboxed();
        TaskResult forked = await runner.RunAsync(new TaskSpec
        {
            Language = "python",
            Code = "import os, pty\npid, fd = pty.fork()\nif pid == 0: os.execvp('sh', ['sh', '-c', 'test -t 1 && echo tty: yes; tty'])\nprint(os.read(fd, 100)); os.waitpid(pid, 0)\nprint(sorted(os.listdir('/dev/pts')))",
        });
        TaskResult opened = await runner.RunAsync(new TaskSpec
        {
            Language = "python",
            Code = "import os\nm, s = os.openpty(); print(os.ttyname(s), os.isatty(s)); fds = []\ntry:\n    while True: fds.append(os.open('/dev/ptmx', os.O_RDWR))\nexcept OSError as e: print(len(fds), e.strerror)\ntry: open('/dev/tty')\nexcept OSError as e: print(e.strerror)",
        });
        TaskResult script = await runner.RunAsync(new TaskSpec { Language = "bash", Code = "script -qc 'echo hi; tty' /dev/null" });

        Assert.StartsWith("b'tty: yes\\r\\n", forked.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("['0', 'ptmx']\n", forked.Stdout, StringComparison.Ordinal);
        Assert.Equal("/dev/pts/0 True\n63 No space left on device\nNo such device or address\n", opened.Stdout);
        Assert.Equal("hi\r\n/dev/pts/0\r\n", script.Stdout);
    }

    [Theory]
    [InlineData("python", "import threading, time\nfor _ in range(100): threading.Thread(target=time.sleep, args=(5,), daemon=True).start()", "limits.pids is 20")]
    [InlineData("python", "import os, time\nfor _ in range(100):\n    if os.fork() == 0: time.sleep(5)", "limits.pids is 20")]
    [InlineData("python", "import subprocess\nkept = [subprocess.Popen(['sleep', '5']) for _ in range(100)]", "limits.pids is 20")]
    [InlineData("python", "import multiprocessing\nif __name__ == '__main__':\n    with multiprocessing.Pool(100) as p: p.map(abs, [1])", "limits.pids is 20")]
    [InlineData("bash", "set -e\nfor n in $(seq 100); do sleep 5 & done\nexit 3", "limits.pids is 20")]
    [InlineData("python", "open('f', 'wb').write(bytes(9 << 20))", "limits.file_size_mb is 2")]
    [InlineData("bash", "head -c 9000000 /dev/zero > f", "limits.file_size_mb is 2")]
    [InlineData("python", "kept = [open('/dev/null') for _ in range(1000)]", "limits.open_files is 200")]
    [InlineData("python", "import urllib.request\nurllib.request.urlopen('http://192.0.2.1', timeout=2)", "limits.network is false")]
    public async Task Limit_that_a_program_runs_into_is_named(string language, string code, string limit)
    {
        await using LocalRunner runner = LocalRunner.Sandboxed();
        TaskResult result = await runner.RunAsync(new TaskSpec
        {
            Language = language,
            Code = code,
            Timeout = TimeSpan.FromSeconds(30),
            Limits = new TaskLimits { Pids = 20, FileSizeMb = 2, OpenFiles = 200 },
        });

        Assert.Equal(ExecutionStatus.Failed, result.Status);
        Assert.EndsWith($"({limit})", result.Error!.Message, StringComparison.Ordinal);
    }
}
