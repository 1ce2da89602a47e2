using System.Text;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Interpreters;
using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

/// <summary>What a session's interpreter must do on every runner, on a real backend. Derive, say how to start one, and xunit runs it all.</summary>
public abstract partial class SessionContract : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
    private readonly List<IInterpreter> _started = [];

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (IInterpreter interpreter in _started)
        {
            await interpreter.DisposeAsync();
        }
    }

    /// <summary>The backends under test.</summary>
    protected abstract RunnerBackends Backends { get; }

    /// <summary>The code executor that holds the sessions.</summary>
    protected abstract CodeExecutorOptions CodeExecutor { get; }

    /// <summary>Whether sessions ask for a sandbox.</summary>
    protected virtual bool Sandboxed => true;

    /// <summary>Command lines of the processes that a session can leave behind, as its host sees them.</summary>
    protected abstract IEnumerable<string> HostCommandLines();

    protected Task<IInterpreter> StartAsync(SessionSpec? spec = null) => StartAsync(spec, new TaskRunnerDefaults());

    protected async Task<IInterpreter> StartAsync(SessionSpec? spec, TaskRunnerDefaults defaults)
    {
        var launcher = new InterpreterLauncher(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, Backends, defaults, TimeProvider.System);
        IInterpreter interpreter = await launcher.StartAsync((spec ?? new SessionSpec()) with { UseSandbox = Sandboxed }, CodeExecutor, CancellationToken.None);
        _started.Add(interpreter);
        return interpreter;
    }

    /// <summary>An execution and what it printed.</summary>
    protected sealed record Told(InterpreterReply Reply, string Stdout, string Stderr)
    {
        public string? Value => Reply.ResultText;

        public override string ToString() => $"{Reply} stdout: {Stdout} stderr: {Stderr}";
    }

    protected static async Task<Told> ExecuteAsync(IInterpreter interpreter, string code, TimeSpan? timeout = null, Action<string>? printed = null, CancellationToken cancellationToken = default)
    {
        var streams = new Dictionary<OutputStream, MemoryStream> { [OutputStream.Stdout] = new(), [OutputStream.Stderr] = new() };
        InterpreterReply reply = await interpreter.ExecuteAsync(
            code,
            "<execution>",
            timeout ?? Long,
            (stream, data, _) =>
            {
                streams[stream].Write(data.Span);
                printed?.Invoke(Encoding.UTF8.GetString(data.Span));
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new Told(reply, Encoding.UTF8.GetString(streams[OutputStream.Stdout].ToArray()), Encoding.UTF8.GetString(streams[OutputStream.Stderr].ToArray()));
    }

    /// <summary>Executes code that must succeed.</summary>
    protected static async Task<Told> SucceedAsync(IInterpreter interpreter, string code, TimeSpan? timeout = null)
    {
        Told told = await ExecuteAsync(interpreter, code, timeout);
        Assert.True(told.Reply is { Error: null, Restarted: false, TimedOut: false, Interrupted: false, OomKilled: false }, $"{code}: {told}");
        return told;
    }

    [Fact]
    public async Task Variables_functions_and_imports_stay()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "import math\nx = 6\ndef twice(a): return a * 2");

        Assert.Equal("14.0", (await SucceedAsync(session, "x += 1\ntwice(math.floor(x) / 1.0)")).Value);
        Assert.False(session.Gone.IsCompleted);
    }

    [Fact]
    public async Task Two_sessions_share_nothing()
    {
        IInterpreter[] sessions = await Task.WhenAll(StartAsync(), StartAsync());
        await SucceedAsync(sessions[0], "x = 1\nopen('mine', 'w').write('secret')\nimport os\nos.environ['MINE'] = '1'");

        Told told = await SucceedAsync(sessions[1], "import os\n'x' in globals(), os.path.exists('mine'), 'MINE' in os.environ");
        Assert.Equal("(False, False, False)", told.Value);
    }

    [Fact]
    public async Task Place_says_where_it_is_and_what_holds()
    {
        IInterpreter session = await StartAsync(new SessionSpec { Limits = new TaskLimits { MemoryMb = 300 }, Timeout = TimeSpan.FromSeconds(7) });

        Assert.Equal(("python", CodeExecutor.Kind, CodeExecutor.Name), (session.Place.RuntimeId, session.Place.ExecutorType, session.Place.ConfigId));
        Assert.Equal((300, InterpreterLauncher.NoCpuTimeLimit, 7.0), (session.Place.Limits.MemoryMb, session.Place.Limits.CpuTime, session.Place.Timeout.TotalSeconds));
    }

    [Fact]
    public async Task Files_and_environment_are_there_and_modules_among_them_can_be_imported()
    {
        IInterpreter session = await StartAsync(new SessionSpec
        {
            Files = new Dictionary<string, TaskFile> { ["helper.py"] = new() { Content = "def f(): return 'helped'" }, ["main.py"] = new() { Content = "y = 2" }, ["data/in.txt"] = new() { Content = "grüße" } },
            Env = new Dictionary<string, string> { ["NAME"] = "Zoë" },
        });

        Told told = await SucceedAsync(session, "import helper, main, os\nprint(helper.f(), main.y, open('data/in.txt', encoding='utf8').read(), os.environ['NAME'])");
        Assert.Equal("helped 2 grüße Zoë\n", told.Stdout);
    }

    [Fact]
    public async Task Output_comes_while_code_runs_and_all_of_it_before_the_end()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "import sys, time, os");
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<Told> executing = ExecuteAsync(
            session,
            "print('first')\nwhile not os.path.exists('go'): time.sleep(0.01)\nsys.stdout.write('no newline')\nprint('err', file=sys.stderr)\nos.system('echo from a program')",
            printed: text => first.TrySetResult());
        await first.Task.WaitAsync(Long);
        Assert.False(executing.IsCompleted);
        await session.InterruptAsync(CancellationToken.None);
        Told told = await executing;

        Assert.StartsWith("first", told.Stdout, StringComparison.Ordinal);
        told = await SucceedAsync(session, "sys.stdout.write('no newline')\nprint('err', file=sys.stderr)\nos.system('echo from a program')");
        Assert.Equal(("no newlinefrom a program\n", "err\n", "0"), (told.Stdout, told.Stderr, told.Value));
    }

    [Fact]
    public async Task Hundred_megabytes_are_cut_at_the_limit_of_each_execution_and_the_session_goes_on()
    {
        IInterpreter session = await StartAsync(new SessionSpec { Limits = new TaskLimits { OutputKb = 100 } });
        for (int round = 0; round < 3; round++)
        {
            Told told = await SucceedAsync(session, "import sys\nfor _ in range(35): sys.stdout.write('y' * 1000000)\nprint('end', file=sys.stderr)");
            // One byte over, by which the receiver sees that there was more.
            Assert.Equal(((100 << 10) + 1, "end\n"), (told.Stdout.Length, told.Stderr));
        }

        Assert.Equal("1\n", (await SucceedAsync(session, "print(1)")).Stdout);
    }

    [Fact]
    public async Task Long_code_arrives_whole()
    {
        IInterpreter session = await StartAsync();

        Assert.Equal("3000000", (await SucceedAsync(session, $"text = '{new string('a', 3_000_000)}'\nlen(text)")).Value);
    }

    [Fact]
    public async Task Timeout_interrupts_the_code_and_the_variables_stay()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "kept = 5");
        Told told = await ExecuteAsync(session, "import time\nprint('before')\ntime.sleep(60)", TimeSpan.FromSeconds(0.3));

        Assert.True(told.Reply is { TimedOut: true, Restarted: false, Interrupted: false }, $"{told}");
        Assert.Equal((TaskErrorTypes.Timeout, "stopped after its timeout of 0.3 s", "before\n"), (told.Reply.Error!.Type, told.Reply.Error.Message, told.Stdout));
        Assert.Contains("time.sleep(60)", told.Reply.Error.Traceback, StringComparison.Ordinal);
        Assert.Equal("5", (await SucceedAsync(session, "kept")).Value);
    }

    [Fact]
    public async Task Code_that_ignores_the_interrupt_is_ended_with_its_interpreter_and_files_stay()
    {
        IInterpreter session = await StartAsync();
        Told told = await ExecuteAsync(
            session, "import signal\nopen('kept', 'w').write('k')\nx = 1\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", TimeSpan.FromSeconds(0.3));

        Assert.True(told.Reply is { TimedOut: true, Restarted: true, Error.Type: TaskErrorTypes.Timeout }, $"{told}");
        Assert.Equal("(False, 'k')", (await SucceedAsync(session, "'x' in globals(), open('kept').read()")).Value);
    }

    [Fact]
    public async Task Interrupt_ends_the_code_and_nothing_else()
    {
        IInterpreter session = await StartAsync();
        await session.InterruptAsync(CancellationToken.None); // nothing is executed
        await SucceedAsync(session, "kept = 5");
        foreach (string code in new[] { "print('go')\nwhile True: pass", "import asyncio\nprint('go')\nawait asyncio.sleep(60)" })
        {
            int heard = 0; // a print may come in two pieces
            Told told = await ExecuteAsync(session, code, printed: text => _ = heard++ == 0 ? session.InterruptAsync(CancellationToken.None) : Task.CompletedTask);
            Assert.True(told.Reply is { Interrupted: true, Restarted: false, TimedOut: false, Error.Type: TaskErrorTypes.Cancelled }, $"{told}");
            Assert.Contains("<execution", told.Reply.Error!.Traceback, StringComparison.Ordinal);
        }

        Assert.Equal("5", (await SucceedAsync(session, "kept")).Value);
    }

    [Fact]
    public async Task Cancelling_interrupts_the_code()
    {
        IInterpreter session = await StartAsync();
        using var cancel = new CancellationTokenSource();
        Told told = await ExecuteAsync(session, "kept = 1\nprint('go')\nwhile True: pass", printed: _ => cancel.Cancel(), cancellationToken: cancel.Token);

        Assert.True(told.Reply is { Interrupted: true, Restarted: false }, $"{told}");
        Assert.Equal("1", (await SucceedAsync(session, "kept")).Value);
    }

    [Fact]
    public async Task Interrupt_that_comes_as_early_as_can_be_is_not_lost()
    {
        IInterpreter session = await StartAsync();
        for (int round = 0; round < 20; round++)
        {
            Task<Told> executing = ExecuteAsync(session, "while True: pass");
            await session.InterruptAsync(CancellationToken.None);
            Told told = await executing;
            Assert.True(told.Reply is { Interrupted: true, Restarted: false, TimedOut: false }, $"{told}");
        }
    }

    [Fact]
    public async Task Interrupts_at_any_moment_do_no_harm()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "count = 0");
        for (int round = 0; round < 50; round++)
        {
            Task<Told> executing = ExecuteAsync(session, "count += 1\nsum(range(2000))\ncount");
            await session.InterruptAsync(CancellationToken.None);
            Told told = await executing;
            Assert.True(told.Reply is { Restarted: false, Error: null or { Type: TaskErrorTypes.Cancelled } }, $"{told}");
        }

        await SucceedAsync(session, "count");
    }

    [Fact]
    public async Task Restart_forgets_variables_and_keeps_files()
    {
        IInterpreter session = await StartAsync();
        await SucceedAsync(session, "x = 1\nopen('kept', 'w').write('k')");
        await session.RestartAsync(CancellationToken.None);

        Assert.Equal("(False, 'k')", (await SucceedAsync(session, "'x' in globals(), open('kept').read()")).Value);
    }
}
