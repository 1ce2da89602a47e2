using System.Text.Json;

namespace Executor.Cli.Commands;

public sealed class RunOutputTests : CliTest
{
    [Fact]
    public async Task Run_script_prints_its_output_and_exits_with_0()
    {
        Folder.Write("hello.py", "import sys\nprint('hello', sys.argv[1:])\nprint('aside', file=sys.stderr)\n");
        CliOutput output = await ExecutorAsync("run", "hello.py", "--no-sandbox");
        Assert.Equal((0, "hello []\n", "aside\n"), (output.ExitCode, output.Stdout, output.Stderr));
    }

    [Fact]
    public async Task Run_in_the_sandbox_is_the_default()
    {
        Folder.Write("where.py", "import os\nprint(os.path.exists('/etc/shadow'))\n");
        CliOutput output = await ExecutorAsync("run", "where.py");
        Assert.Equal((0, "False\n", ""), (output.ExitCode, output.Stdout, output.Stderr));
    }

    [Fact]
    public async Task Run_hands_on_every_byte_of_both_streams()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value), 0xFF, 0xFE, 0, 0x80, (byte)'x'];
        string literal = string.Join(',', bytes);
        CliOutput output = await ExecutorAsync(
            "run", "--no-sandbox", "--code", $"import sys\ndata = bytes([{literal}])\nsys.stdout.buffer.write(data)\nsys.stderr.buffer.write(b'no newline')");
        Assert.Equal(bytes, output.StdoutBytes);
        Assert.Equal("no newline", output.Stderr);
    }

    [Fact]
    public async Task Run_hands_on_more_than_the_default_output_limit()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "print('0123456789abcde\\n' * (3 << 16), end='')");
        Assert.Equal((0, 3 << 20, ""), (output.ExitCode, output.StdoutBytes.Length, output.Stderr));
    }

    [Fact]
    public async Task Run_with_output_limit_cuts_and_says_so()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--output-kb", "4", "--code", "print('x' * 10000)");
        Assert.Equal((0, 4096), (output.ExitCode, output.StdoutBytes.Length));
        Assert.Contains("executor: there was more output than output_kb allows", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_shows_output_while_the_program_runs()
    {
        using CliProcess process = CliProcess.Start(
            Folder.Path, ["run", "--no-sandbox", "--code", "name = input('name? ')\nprint('hello', name, flush=True)\nprint('bye', input())"]);
        await process.SeeAsync("name? ");
        await process.StandardInput.WriteAsync("Ada\n"u8.ToArray());
        await process.StandardInput.FlushAsync();
        await process.SeeAsync("hello Ada");
        await process.StandardInput.WriteAsync("end\n"u8.ToArray());
        process.StandardInput.Close();
        CliOutput output = await process.WaitAsync();
        Assert.Equal((0, "name? hello Ada\nbye end\n"), (output.ExitCode, output.Stdout));
    }

    [Theory]
    [InlineData("import sys; sys.exit(7)", 7)]
    [InlineData("import sys; sys.exit(0)", 0)]
    [InlineData("import os; os._exit(255)", 255)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", 139)]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", 143)]
    public async Task Run_exits_as_the_program_does(string code, int exitCode)
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", code);
        Assert.Equal(exitCode, output.ExitCode);
    }

    [Fact]
    public async Task Run_of_code_that_raises_shows_its_traceback_once_and_nothing_of_ours()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "raise ValueError('no such thing')");
        Assert.Equal(1, output.ExitCode);
        Assert.EndsWith("ValueError: no such thing\n", output.Stderr, StringComparison.Ordinal);
        Assert.Single(output.Stderr.Split("Traceback"), part => part.Contains("ValueError: no such thing", StringComparison.Ordinal));
        Assert.DoesNotContain("executor:", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_past_its_timeout_exits_with_124_and_keeps_what_was_printed()
    {
        CliOutput output = await ExecutorAsync(
            "run", "--no-sandbox", "--timeout", "1.5", "--code", "import time\nprint('begun', flush=True)\ntime.sleep(60)");
        Assert.Equal((124, "begun\n"), (output.ExitCode, output.Stdout));
        Assert.Contains("timeout of 1.5 s", output.Stderr, StringComparison.Ordinal);
        Assert.StartsWith("executor: ", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_of_a_program_that_is_not_there_says_so_and_exits_with_127()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--command", "--", "no-such-program-anywhere");
        AssertRefused(output, 127, "no-such-program-anywhere");
    }

    [Fact]
    public async Task Run_whose_reader_goes_away_stops_the_program()
    {
        CliOutput output = await CliProcess.RunProgramAsync(
            "bash",
            ["-c", "dotnet \"$0\" run --no-sandbox --code \"$1\" | head -n 1; echo ${PIPESTATUS[0]}", CliProcess.Assembly, "while True: print('y')"],
            Folder.Path);
        Assert.Equal("y\n141\n", output.Stdout);
        Assert.Equal("", output.Stderr);
    }

    [Fact]
    public async Task Run_whose_output_has_no_room_says_so()
    {
        CliOutput output = await CliProcess.RunProgramAsync(
            "bash", ["-c", "dotnet \"$0\" run --no-sandbox --code 'print(1)' > /dev/full", CliProcess.Assembly], Folder.Path);
        AssertRefused(output, 125, "can't write to standard output: No space left on device");
    }

    [Theory]
    [InlineData("2>&1")]
    [InlineData("> both 2>&1; cat both")]
    [InlineData("--merge-output 2> /dev/null")]
    public async Task Run_whose_two_streams_are_one_keeps_their_order(string redirection)
    {
        CliOutput output = await CliProcess.RunProgramAsync(
            "bash",
            ["-c", $"dotnet \"$0\" run --no-sandbox --language bash --code 'for n in $(seq 0 29); do echo o$n; echo e$n >&2; done' {redirection}", CliProcess.Assembly],
            Folder.Path);
        Assert.Equal(string.Concat(Enumerable.Range(0, 30).Select(n => $"o{n}\ne{n}\n")), output.Stdout);
        Assert.Equal("", output.Stderr);
    }

    [Fact]
    public async Task Run_with_json_prints_the_result_and_nothing_else()
    {
        CliOutput output = await ExecutorAsync(
            "run", "--no-sandbox", "--json", "--code", "import sys\nprint('grüße')\nprint('aside', file=sys.stderr)\nsys.exit(3)");
        Assert.Equal((3, ""), (output.ExitCode, output.Stderr));
        using JsonDocument json = JsonDocument.Parse(Assert.Single(output.StdoutLines));
        JsonElement result = json.RootElement;
        Assert.Equal("FAILED", result.GetProperty("status").GetString());
        Assert.Equal(3, result.GetProperty("exit_code").GetInt32());
        Assert.Equal("grüße\n", result.GetProperty("stdout").GetString());
        Assert.Equal("aside\n", result.GetProperty("stderr").GetString());
        Assert.Equal("exit_code", result.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("python", result.GetProperty("runtime_id").GetString());
        Assert.Equal("localhost", result.GetProperty("executor_type").GetString());
        Assert.False(result.GetProperty("success").GetBoolean());
    }
}
