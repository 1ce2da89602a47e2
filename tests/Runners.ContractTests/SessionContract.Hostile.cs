using Executor.Limits;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

public abstract partial class SessionContract
{
    [Theory]
    [InlineData("import os; os._exit(3)", TaskErrorTypes.ExitCode, "exit code 3")]
    [InlineData("import ctypes; ctypes.string_at(0)", TaskErrorTypes.Signal, "SIGSEGV")]
    [InlineData("import os; os.kill(os.getpid(), 15)", TaskErrorTypes.Signal, "SIGTERM")]
    [InlineData("import os; os.closerange(3, 65536)", TaskErrorTypes.ResultError, "file descriptor")]
    [InlineData("import os\nfor fd in range(3, 4000):\n    try: os.write(fd, b'\\xff' * 40)\n    except OSError: pass", TaskErrorTypes.ResultError, "file descriptor")]
    [InlineData("import os, struct\nfor fd in range(3, 4000):\n    try: os.write(fd, struct.pack('>cI', b'd', 6) + struct.pack('>I', 99) + b'{}')\n    except OSError: pass", TaskErrorTypes.ResultError, "file descriptor")]
    public async Task Code_that_ends_the_interpreter_is_told_so_and_gets_another(string code, string type, string how)
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "x = 1");
        Told told = await ExecuteAsync(session, $"print('printed')\n{code}", TimeSpan.FromSeconds(20));

        Assert.True(told.Reply is { Restarted: true, TimedOut: false, Interrupted: false }, $"{told}");
        Assert.Equal(type, told.Reply.Error!.Type);
        Assert.StartsWith("printed\n", told.Stdout, StringComparison.Ordinal);
        Assert.Contains(how, told.Reply.Error.Message, StringComparison.Ordinal);
        Assert.Equal("False", (await SucceedAsync(session, "'x' in globals()")).Value);
    }

    [Fact]
    public Task Code_that_kills_what_watches_it_gets_another() => AttackWatcherAsync("os.kill(os.getppid(), 9)");

    /// <summary>Makes sure that after an attack on the process that watches an interpreter there is another, which has the files.</summary>
    protected async Task AttackWatcherAsync(string attack)
    {
        IInterpreter session = await StartAsync();
        Told told = await ExecuteAsync(session, $"x = 1\nopen('kept', 'w').write('k')\nimport os, time\n{attack}\ntime.sleep(60)", TimeSpan.FromSeconds(1));

        Assert.True(told.Reply is { Restarted: true, Error: not null }, $"{told}");
        Assert.Equal("(False, 'k')", (await SucceedAsync(session, "'x' in globals(), open('kept').read()")).Value);
    }

    [Fact]
    public async Task Interpreter_that_ends_between_executions_is_told_with_the_next_which_is_not_executed()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "import os, threading\nthreading.Timer(0.05, os._exit, [4]).start()");
        Told told;
        do
        {
            // Short ones, so that it ends between two of them.
            told = await ExecuteAsync(session, "pass");
        }
        while (!told.Reply.Restarted);

        Assert.Contains("exit code 4", told.Reply.Error!.Message, StringComparison.Ordinal);
        await SucceedAsync(session, "pass");
    }

    [Fact]
    public async Task Closing_the_standard_streams_loses_nothing_of_the_next_execution()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "import os, sys\nfor fd in range(3): os.close(fd)");
        Assert.Equal("there\n", (await SucceedAsync(session, "print('there')")).Stdout);
        await SucceedAsync(session, "sys.stdout.close(); sys.stderr.close()");

        Told told = await SucceedAsync(session, "print('again'); print('too', file=sys.stderr)");
        Assert.Equal(("again\n", "too\n"), (told.Stdout, told.Stderr));
        Assert.Equal("EOFError", (await ExecuteAsync(session, "input()")).Reply.Error!.Type);
    }

    [Fact]
    public async Task Memory_over_the_limit_is_refused_or_ends_the_interpreter_and_the_session_goes_on()
    {
        IInterpreter session = await StartAsync(new SessionSpec { Limits = new TaskLimits { MemoryMb = 100 } });
        for (int round = 0; round < 2; round++)
        {
            Told told = await ExecuteAsync(session, "print('go')\nkept = []\nfor _ in range(10 << 10): kept.append(bytearray(1 << 20))");

            Assert.Equal("go\n", told.Stdout);
            Assert.True(
                told.Reply is { Error.Type: "MemoryError", Restarted: false } or { Error.Type: TaskErrorTypes.OutOfMemory, Restarted: true, OomKilled: true }, $"{told}");
            await SucceedAsync(session, "kept = None\nprint(1)");
        }
    }

    [Fact]
    public async Task Cpu_time_is_limited_only_when_that_is_asked_for()
    {
        IInterpreter session = await StartAsync(new SessionSpec { Limits = new TaskLimits { CpuTime = 1 } }, new TaskRunnerDefaults { Limits = new TaskLimits { CpuTime = 0.1 } });
        await SucceedAsync(session, "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass");
        Told told = await ExecuteAsync(session, "print('go')\nwhile True: pass");

        Assert.Equal((TaskErrorTypes.CpuTimeLimit, "go\n"), (told.Reply.Error?.Type, told.Stdout));
        Assert.True(told.Reply.Restarted || session.Gone.IsCompleted, $"{told}");
    }

    [Fact]
    public async Task Fork_bomb_ends_with_its_execution()
    {
        if (!Sandboxed)
        {
            return; // nothing bounds it there
        }

        IInterpreter session = await StartAsync();
        Told told = await ExecuteAsync(
            session, "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    try: os.fork()\n    except OSError: pass", TimeSpan.FromSeconds(1));

        Assert.True(told.Reply is { TimedOut: true, Restarted: true }, $"{told}");
        Assert.Equal("4\n", (await SucceedAsync(session, "print(2 + 2)")).Stdout);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Daemons_of_a_session_end_with_its_interpreter(bool restart)
    {
        string mark = $"{Random.Shared.Next(100_000, 999_999)}.375";
        IInterpreter session = await StartAsync();
        await SucceedAsync(
            session,
            $"import os, subprocess\nsubprocess.Popen(['setsid', 'nohup', 'sleep', '{mark}'], start_new_session=True)\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: os.execvp('sleep', ['sleep', '{mark}'])\n    os._exit(0)\nos.wait()\nprint('started')");
        if (restart)
        {
            await session.RestartAsync(CancellationToken.None);
        }
        else
        {
            await session.DisposeAsync();
        }

        Assert.DoesNotContain(HostCommandLines(), line => line.Contains(mark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Background_work_goes_on_between_executions_and_what_it_prints_is_not_lost()
    {
        IInterpreter session = await StartAsync();
        Told began = await SucceedAsync(
            session,
            "import threading, time, os\ndef work():\n    while not os.path.exists('go'): time.sleep(0.001)\n    print('from the thread')\n    open('done', 'w').close()\nthreading.Thread(target=work).start()\nimport subprocess\nprogram = subprocess.Popen(['sh', '-c', 'until [ -e done ]; do sleep 0.01; done; touch over'])\nopen('go', 'w').close()");

        Told told = await SucceedAsync(session, "program.wait(), os.path.exists('over')");
        Assert.Equal(("(0, True)", "from the thread\n"), (told.Value, began.Stdout + told.Stdout));
    }

    [Fact]
    public async Task Closed_session_can_execute_nothing_more()
    {
        IInterpreter session = await StartAsync();
        Task<Told> executing = ExecuteAsync(session, "print('go')\nwhile True: pass", printed: ignored => session.DisposeAsync().AsTask());

        await Assert.ThrowsAsync<RunnerException>(() => executing);
        await Assert.ThrowsAsync<RunnerException>(() => ExecuteAsync(session, "1"));
        Assert.Null(await session.Gone);
    }
}
