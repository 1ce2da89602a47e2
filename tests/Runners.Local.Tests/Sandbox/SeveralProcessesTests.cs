using System.Text;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.ContractTests;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>What holds for the processes of one sandbox together, beside the contract of workspaces.</summary>
public sealed class SeveralProcessesTests : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly SandboxBackend _backend = new(new SandboxOptions());
    private EffectiveLimits _limits = LimitResolver.Resolve(null);

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    [Fact]
    public async Task Scripts_run_warm_beside_each_other()
    {
        await using IWorkspace workspace = await OpenAsync(new TaskLimits(), WarmKind.ForkPython);
        await workspace.PutAsync([File("main.py", "import sys\nprint(sys.argv[1], input(), __name__)\nsys.exit(int(sys.argv[1]))")], CancellationToken.None);

        SpokenProcess[] three = await Task.WhenAll(Enumerable.Range(1, 3).Select(number => StartAsync(workspace, isWarm: true, "main.py", $"{number}")));
        for (int number = 3; number > 0; number--)
        {
            await three[number - 1].SayAsync($"to {number}\n");
        }

        ProcessExit[] exits = await Task.WhenAll(three.Select(process => process.EndAsync()));
        Assert.Equal([1, 2, 3], exits.Select(exit => exit.ExitCode));
        Assert.Equal(["1 to 1 __main__\n", "2 to 2 __main__\n", "3 to 3 __main__\n"], three.Select(process => process.Stdout));
    }

    [Fact]
    public async Task One_beside_another_is_isolated_as_that_one_is()
    {
        const string script = """
            import os
            status = dict(line.split(':\t') for line in open('/proc/self/status').read().splitlines() if ':\t' in line)
            print(os.getuid(), status['CapEff'], status['CapBnd'], status['NoNewPrivs'], status['Seccomp'], os.path.exists('/etc/shadow'))
            print(os.readlink('/proc/self/ns/user'))
            print(os.readlink('/proc/self/ns/net'), os.readlink('/proc/self/ns/ipc'))
            print(sorted(int(name) for name in os.listdir('/proc') if name.isdigit())[0])
            try:
                os.kill(1, 9)
            except OSError as error:
                print(type(error).__name__)
            print(len(os.listdir('/proc/self/fd')))
            input()
            """;
        await using IWorkspace workspace = await OpenAsync(new TaskLimits());
        SpokenProcess first = await StartAsync(workspace, isWarm: false, "-u", "-c", script);
        SpokenProcess second = await StartAsync(workspace, isWarm: false, "-u", "-c", script);

        await first.SayAsync("\n");
        await second.SayAsync("\n");
        await first.EndAsync();
        await second.EndAsync();

        Assert.StartsWith("1000 0000000000000000 ", first.Stdout, StringComparison.Ordinal);
        Assert.Contains(" 1 2 False\n", first.Stdout, StringComparison.Ordinal);
        Assert.Equal(first.Stdout, second.Stdout);
    }

    [Fact]
    public async Task Processes_are_counted_together_and_do_not_see_each_other()
    {
        const string forks = """
            import os, sys, time
            count = 0
            try:
                while count < int(sys.argv[1]):
                    if os.fork() == 0:
                        time.sleep(1000)
                    count += 1
            except BlockingIOError:
                pass
            print(count, len([name for name in os.listdir('/proc') if name.isdigit()]) - count)
            input()
            """;
        await using IWorkspace workspace = await OpenAsync(new TaskLimits { Pids = 20 });
        SpokenProcess first = await StartAsync(workspace, isWarm: false, "-u", "-c", forks, "12");
        await first.HearAsync("\n");
        SpokenProcess second = await StartAsync(workspace, isWarm: false, "-u", "-c", forks, "100");
        await second.HearAsync("\n");
        await first.StopAsync(StopMode.KillTree);
        await first.EndAsync();
        SpokenProcess third = await StartAsync(workspace, isWarm: false, "-u", "-c", forks, "10");
        await third.HearAsync("\n");

        // Of what they see, two are not their children: themselves, and the first of their namespace.
        Assert.Equal("12 2\n", first.Stdout);
        Assert.Equal("6 2\n", second.Stdout);
        Assert.Equal("10 2\n", third.Stdout);
    }

    [Fact]
    public async Task Memory_is_limited_for_all_together()
    {
        const string holds = "import sys\ndata = b'x' * (70 << 20)\nprint('holds')\ninput()\nprint('still')";
        await using IWorkspace workspace = await OpenAsync(new TaskLimits { MemoryMb = 110 });
        SpokenProcess first = await StartAsync(workspace, isWarm: false, "-u", "-c", holds);
        await first.HearAsync("holds");
        SpokenProcess second = await StartAsync(workspace, isWarm: false, "-u", "-c", holds);

        SpokenProcess killed = await await Task.WhenAny(WithEndAsync(first), WithEndAsync(second));
        SpokenProcess other = killed == first ? second : first;
        await other.HearAsync("holds");
        await other.SayAsync("\n");
        ProcessExit end = await other.EndAsync();

        Assert.True((await killed.EndAsync()).OomKilled);
        Assert.Equal((0, false, "holds\nstill\n"), (end.ExitCode, end.OomKilled, other.Stdout));

        static async Task<SpokenProcess> WithEndAsync(SpokenProcess process)
        {
            await process.EndAsync();
            return process;
        }
    }

    [Fact]
    public async Task They_reach_each_other_over_the_loopback_that_nobody_else_reaches()
    {
        await using IWorkspace workspace = await OpenAsync(new TaskLimits());
        SpokenProcess server = await StartAsync(
            workspace, isWarm: false, "-u", "-c", "import socket\ns = socket.create_server(('127.0.0.1', 4711))\nprint('on')\nc = s.accept()[0]\nprint(c.recv(100).decode())");
        await server.HearAsync("on");
        SpokenProcess client = await StartAsync(workspace, isWarm: false, "-u", "-c", "import socket\nsocket.create_connection(('127.0.0.1', 4711)).sendall(b'hello')");

        Assert.Equal((0, 0), ((await client.EndAsync()).ExitCode, (await server.EndAsync()).ExitCode));
        Assert.Equal("on\nhello\n", server.Stdout);
    }

    [Fact]
    public async Task Output_that_one_gave_to_another_does_not_keep_it_from_ending()
    {
        const string takes = """
            import array, socket, time
            s = socket.socket(socket.AF_UNIX)
            s.bind('/work/s')
            s.listen()
            print('on')
            c = s.accept()[0]
            message, given, *_ = c.recvmsg(1, 100)
            print('taken')
            time.sleep(1000)
            """;
        const string gives = """
            import array, socket
            s = socket.socket(socket.AF_UNIX)
            s.connect('/work/s')
            s.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [1, 2]))])
            input()
            print('mine')
            """;
        await using IWorkspace workspace = await OpenAsync(new TaskLimits());
        SpokenProcess taker = await StartAsync(workspace, isWarm: false, "-u", "-c", takes);
        await taker.HearAsync("on");
        SpokenProcess giver = await StartAsync(workspace, isWarm: false, "-u", "-c", gives);
        await taker.HearAsync("taken");
        await giver.SayAsync("\n");

        Assert.Equal(0, (await giver.EndAsync()).ExitCode);
        Assert.Equal("mine\n", giver.Stdout);
        await taker.StopAsync(StopMode.KillTree);
        Assert.Equal(9, (await taker.EndAsync()).Signal);
    }

    [Fact]
    public async Task Ends_that_come_while_others_are_started_are_told_right()
    {
        await using IWorkspace workspace = await OpenAsync(new TaskLimits());
        SpokenProcess stays = await SpokenProcess.StartAsync(workspace, "read line; exit 3", hasInput: true);

        for (int round = 0; round < 20; round++)
        {
            SpokenProcess[] some = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => SpokenProcess.StartAsync(workspace, $"exit {number}")));
            ProcessExit[] exits = await Task.WhenAll(some.Select(process => process.EndAsync()));
            Assert.Equal(Enumerable.Range(0, 8), exits.Select(exit => exit.ExitCode));
        }

        await stays.SayAsync("\n");
        Assert.Equal(3, (await stays.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Orphans_of_one_beside_another_are_gone_when_they_have_ended()
    {
        await using IWorkspace workspace = await OpenAsync(new TaskLimits());
        SpokenProcess first = await SpokenProcess.StartAsync(workspace, "read line", hasInput: true);
        SpokenProcess second = await StartAsync(workspace, isWarm: false, "-c", """
            import os, time
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    if os.fork() == 0:
                        os._exit(0)
                    os._exit(0)
                os.waitpid(child, 0)
            late = time.monotonic() + 30
            def others():
                return [name for name in os.listdir('/proc') if name.isdigit() and int(name) not in (1, os.getpid())]
            while others() and time.monotonic() < late:
                time.sleep(0.01)
            print(others())
            """);

        Assert.Equal(0, (await second.EndAsync()).ExitCode);
        Assert.Equal("[]\n", second.Stdout);
        await first.SayAsync("\n");
        await first.EndAsync();
    }

    private static WorkspaceFile File(string path, string content) => new(path, Encoding.UTF8.GetBytes(content));

    private Task<IWorkspace> OpenAsync(TaskLimits limits, WarmKind warm = WarmKind.None)
    {
        _limits = LimitResolver.Resolve(null, limits);
        return _backend.OpenAsync(
            new WorkspaceRequest(_limits, warm == WarmKind.None ? null : Python, warm, BaseEnvironment.Variables, []), CancellationToken.None);
    }

    private Task<SpokenProcess> StartAsync(IWorkspace workspace, bool isWarm, params string[] args) => SpokenProcess.StartAsync(workspace, new ProcessSpec
    {
        Argv = [Python, .. args],
        Env = BaseEnvironment.Variables,
        Limits = _limits,
        HasInput = true,
        MayBeWarm = isWarm,
        MergeOutput = true,
        Output = (_, _, _) => ValueTask.CompletedTask,
    });
}
