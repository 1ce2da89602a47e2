using System.Diagnostics;
using System.Text;
using Executor.Limits;
using Executor.Tasks;

namespace Executor.Runners.ContractTests;

/// <summary>What every runner must do, on a real backend. Derive, say how to run, and xunit runs it all.</summary>
public abstract partial class RunnerContract
{
    /// <summary>Runs a task on the backend under test.</summary>
    protected abstract Task<TaskResult> RunAsync(
        TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default);

    /// <summary>Command lines of the processes that the backend's tasks can leave behind, as its host sees them.</summary>
    protected abstract IEnumerable<string> HostCommandLines();

    protected static TaskSpec Python(string code) => new() { Language = "python", Code = code };

    protected static TaskSpec Bash(string code) => new() { Language = "bash", Code = code };

    protected static void Completed(TaskResult result) =>
        Assert.True(result.Success, $"{result.Status} {result.ExitCode} {result.Error} stdout: {result.Stdout} stderr: {result.Stderr} compile: {result.Compile}");

    [Fact]
    public async Task Hello_completes_with_its_output_and_its_measures()
    {
        TaskResult result = await RunAsync(Python("print('hello')") with { TaskId = "t1", Name = "greeting" });

        Completed(result);
        Assert.Equal(("t1", "greeting", "python"), (result.TaskId, result.Name, result.RuntimeId));
        Assert.Equal(("hello\n", "", 0), (result.Stdout, result.Stderr, result.ExitCode));
        Assert.Null(result.Error);
        Assert.Null(result.Signal);
        Assert.False(result.OutputTruncated || result.TimedOut || result.OomKilled);
        Assert.InRange(result.EndTimeMs - result.StartTimeMs, 0, 60_000);
        Assert.True(result.DurationSec > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(127)]
    [InlineData(255)]
    public async Task Exit_code_of_the_program_is_reported(int code)
    {
        TaskResult result = await RunAsync(Python($"import sys; print('out'); sys.exit({code})"));

        Assert.Equal((ExecutionStatus.Failed, code, "out\n"), (result.Status, result.ExitCode, result.Stdout));
        Assert.Equal(TaskErrorTypes.ExitCode, result.Error!.Type);
        Assert.Null(result.Signal);
    }

    [Theory]
    [InlineData(6, "SIGABRT")]
    [InlineData(9, "SIGKILL")]
    [InlineData(11, "SIGSEGV")]
    [InlineData(15, "SIGTERM")]
    public async Task Signal_that_ended_the_program_is_named(int number, string name)
    {
        TaskResult result = await RunAsync(Python($"import os; print('before'); os.kill(os.getpid(), {number})"));

        Assert.Equal((ExecutionStatus.Failed, 128 + number, name, "before\n"), (result.Status, result.ExitCode, result.Signal, result.Stdout));
        Assert.Equal(TaskErrorTypes.Signal, result.Error!.Type);
    }

    [Fact]
    public async Task Uncaught_exception_is_named_with_its_message_and_traceback()
    {
        TaskResult result = await RunAsync(Python("def f():\n    raise ValueError('no such thing')\nf()\n"));

        Assert.Equal(("ValueError", "no such thing"), (result.Error!.Type, result.Error.Message));
        Assert.Contains("in f", result.Error.Traceback, StringComparison.Ordinal);
        Assert.Contains("main.py\", line 2", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("executor_agent", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_byte_arrives_unchanged()
    {
        var bytes = new List<byte>();
        TaskResult result = await RunAsync(
            Python("import sys; sys.stdout.buffer.write(bytes(range(256)) * 300); sys.stderr.buffer.write(b'\\xff\\x00no newline')"),
            (stream, data, _) =>
            {
                if (stream == OutputStream.Stdout)
                {
                    bytes.AddRange(data.Span);
                }

                return ValueTask.CompletedTask;
            });

        Completed(result);
        Assert.Equal(Enumerable.Range(0, 300).SelectMany(_ => Enumerable.Range(0, 256)).Select(value => (byte)value), bytes);
        Assert.Equal("\uFFFD\0no newline", result.Stderr);
    }

    [Fact]
    public async Task Unicode_survives_in_code_arguments_environment_files_and_output()
    {
        TaskResult result = await RunAsync(new TaskSpec
        {
            Language = "python",
            Code = "import os, sys\nprint('Grüße', sys.argv[1], os.environ['NAME'], open('dätei.txt', encoding='utf8').read(), input())",
            Args = ["日本"],
            Env = new Dictionary<string, string> { ["NAME"] = "Zoë" },
            Files = new Dictionary<string, TaskFile> { ["dätei.txt"] = new() { Content = "🦊" } },
            Stdin = "naïve",
        });

        Completed(result);
        Assert.Equal("Grüße 日本 Zoë 🦊 naïve\n", result.Stdout);
    }

    [Fact]
    public async Task Output_over_the_limit_is_cut_and_marked_and_the_program_goes_on()
    {
        TaskResult result = await RunAsync(Python("import sys\nfor _ in range(300): sys.stdout.write('x' * 1000 + '\\n')\nprint('end', file=sys.stderr)")
            with
        { Limits = new TaskLimits { OutputKb = 100 } });

        Completed(result);
        Assert.True(result.OutputTruncated);
        Assert.StartsWith("xxx", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("[output truncated: more than 100 KiB]\n", result.Stdout, StringComparison.Ordinal);
        Assert.InRange(result.Stdout.Length, 100 * 1024, (100 * 1024) + 100);
        Assert.Equal("end\n", result.Stderr);
    }

    [Fact]
    public async Task One_line_of_100_MB_is_cut_and_does_no_harm()
    {
        TaskResult result = await RunAsync(Python("import sys\nfor _ in range(100): sys.stdout.write('y' * 1000000)"));

        Completed(result);
        Assert.True(result.OutputTruncated);
        Assert.InRange(result.Stdout.Length, 1 << 20, (1 << 20) + 100);
    }

    [Fact]
    public async Task Timeout_stops_the_program_and_keeps_what_it_printed()
    {
        var clock = Stopwatch.StartNew();
        TaskResult result = await RunAsync(Python("import time\nprint('before')\nprint('half a line', end='')\ntime.sleep(60)")
            with
        { Timeout = TimeSpan.FromSeconds(0.7) });

        Assert.Equal((ExecutionStatus.Failed, true, TaskErrorTypes.Timeout), (result.Status, result.TimedOut, result.Error!.Type));
        Assert.Contains("0.7 s", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("before\nhalf a line", result.Stdout);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.7, 10);
    }

    [Fact]
    public async Task Program_that_ignores_the_polite_signal_is_killed()
    {
        TaskResult result = await RunAsync(
            Python("import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: print('asked'))\nprint('ready')\nwhile True: time.sleep(0.05)")
                with
            { Timeout = TimeSpan.FromSeconds(0.7) });

        Assert.Equal((true, "SIGKILL", "ready\nasked\n"), (result.TimedOut, result.Signal, result.Stdout));
    }

    [Fact]
    public async Task Cancel_ends_the_program_with_what_it_printed()
    {
        using var cancel = new CancellationTokenSource();
        TaskResult result = await RunAsync(
            Python("import time\nprint('started')\ntime.sleep(60)"),
            (_, data, _) =>
            {
                if (data.Span.Contains((byte)'\n'))
                {
                    cancel.Cancel();
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken: cancel.Token);

        Assert.Equal((ExecutionStatus.Cancelled, "started\n", TaskErrorTypes.Cancelled), (result.Status, result.Stdout, result.Error!.Type));
        Assert.False(result.TimedOut);
    }

    [Fact]
    public async Task Standard_input_is_empty_unless_given()
    {
        TaskResult result = await RunAsync(Python("import sys; print(repr(sys.stdin.read()))"));

        Completed(result);
        Assert.Equal("''\n", result.Stdout);
    }

    [Fact]
    public async Task Standard_input_of_several_megabytes_arrives_whole()
    {
        TaskResult result = await RunAsync(Python("import sys; data = sys.stdin.read(); print(len(data), data[-3:])")
            with
        { Stdin = new string('a', 5_000_000) + "end" });

        Completed(result);
        Assert.Equal("5000003 end\n", result.Stdout);
    }

    [Fact]
    public async Task Program_that_does_not_read_its_input_ends_all_the_same()
    {
        TaskResult result = await RunAsync(Python("print('done')") with { Stdin = new string('a', 3_000_000) });

        Completed(result);
        Assert.Equal("done\n", result.Stdout);
    }

    [Fact]
    public async Task Conversation_over_live_input_and_output_works()
    {
        var input = new TalkStream();
        TaskResult result = await RunAsync(
            Python("total = 0\nwhile True:\n    line = input('> ')\n    if line == 'quit': break\n    total += int(line)\n    print(total)"),
            (_, data, _) =>
            {
                input.Heard(Encoding.UTF8.GetString(data.Span), said => said.EndsWith("> ", StringComparison.Ordinal));
                return ValueTask.CompletedTask;
            },
            input.Saying("5\n", "7\n", "quit\n"));

        Completed(result);
        Assert.Equal("> 5\n> 12\n> ", result.Stdout);
    }

    [Fact]
    public async Task Fifty_at_once_each_get_their_own_output()
    {
        TaskResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(number =>
            RunAsync(Python($"import os\nopen('mine', 'x').write('{number}')\nprint(open('mine').read(), os.listdir('.') == ['main.py', 'mine'] or sorted(os.listdir('.')))"))));

        Assert.All(results, Completed);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => $"{number} "), results.Select(result => result.Stdout[..(result.Stdout.IndexOf(' ', StringComparison.Ordinal) + 1)]));
        Assert.All(results, result => Assert.Contains(result.Stdout[(result.Stdout.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim(), new[] { "True", "['main.py', 'mine']" }));
    }
}
