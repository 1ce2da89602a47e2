using System.Text.Json;

namespace Executor.Cli.Remote;

/// <summary><c>executor sessions</c> with real interpreters.</summary>
public sealed class SessionCommandsTests : ServerTest
{
    [Fact]
    public async Task Variables_last_from_one_command_to_the_next_until_a_restart()
    {
        Folder.Write("helpers.py", "def twice(x):\n    return 2 * x\n");
        Folder.Write("data.txt", "from a file");
        CliOutput opened = await AskAsync("sessions", "open", "--session-id", "work", "--startup", "helpers.py", "--file", "data.txt", "--env", "WHO=me");
        Assert.Equal((0, "work\n", ""), (opened.ExitCode, opened.Stdout, opened.Stderr));

        Assert.Equal((0, "", ""), await ExecuteAsync("import os; x = twice(21)"));
        Assert.Equal((0, "42\n", ""), await ExecuteAsync("x"));
        Assert.Equal((0, "from a file\n('me', 42)\n", ""), await ExecuteAsync("print(open('data.txt').read())\nos.environ['WHO'], x"));
        Folder.Write("step.py", "import sys\nprint('é', end='')\nprint('oh', file=sys.stderr)");
        CliOutput step = await AskAsync("sessions", "execute", "work", "step.py");
        Assert.Equal((0, "é", "oh\n"), (step.ExitCode, step.Stdout, step.Stderr));

        CliOutput restarted = await AskAsync("sessions", "restart", "work");
        Assert.Equal("work  READY\n", restarted.Stdout);
        (int code, string stdout, string stderr) = await ExecuteAsync("x");
        Assert.Equal((1, ""), (code, stdout));
        Assert.Contains("NameError: name 'x' is not defined", stderr, StringComparison.Ordinal);
        Assert.Equal((0, "4\n", ""), await ExecuteAsync("twice(2)"));

        CliOutput listed = await AskAsync("sessions");
        Assert.Contains("work", listed.Stdout, StringComparison.Ordinal);
        Assert.Contains("READY", listed.Stdout, StringComparison.Ordinal);
        Assert.Contains("restarts:     1", (await AskAsync("sessions", "work")).Stdout, StringComparison.Ordinal);
        Assert.Equal(0, (await AskAsync("sessions", "close", "work")).ExitCode);
        AssertRefused(await AskAsync("sessions", "work"), 2, "executor: there is no session 'work'");
    }

    [Fact]
    public async Task Time_that_is_up_leaves_the_variables_and_an_interpreter_that_ends_does_not()
    {
        await AskAsync("sessions", "open", "--session-id", "work");
        await ExecuteAsync("x = 1");

        CliOutput late = await AskAsync("sessions", "execute", "work", "--timeout", "0.3", "--code", "while True: pass");

        Assert.Equal(124, late.ExitCode);
        Assert.Contains("timeout of 0.3 s", late.Stderr, StringComparison.Ordinal);
        Assert.Equal((0, "1\n", ""), await ExecuteAsync("x"));
        (int code, _, string stderr) = await ExecuteAsync("import os; os._exit(4)");
        Assert.Equal(1, code);
        Assert.Contains("all variables are gone", stderr, StringComparison.Ordinal);
        JsonElement gone = JsonDocument.Parse((await AskAsync("sessions", "execute", "work", "--json", "--code", "x")).Stdout).RootElement;
        Assert.Equal(("FAILED", "NameError"), (gone.GetProperty("status").GetString(), gone.GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Ctrl_C_interrupts_what_is_executed_and_leaves_the_session()
    {
        await AskAsync("sessions", "open", "--session-id", "work");
        using CliProcess running = Start("sessions", "execute", "work", "--code", "x = 7\nprint('first', flush=True)\nimport time\ntime.sleep(100)");
        await running.SeeAsync("first");

        running.Ask("INT");

        Assert.Equal(130, (await running.WaitAsync()).ExitCode);
        Assert.Equal((0, "7\n", ""), await ExecuteAsync("x"));
    }

    [Fact]
    public async Task Bad_words_are_refused()
    {
        AssertRefused(await AskAsync("sessions", "open", "--language", "cobol"), 2, "executor: language: there is no runtime 'cobol'");
        AssertRefused(await AskAsync("sessions", "open", "--session-id", "a b"), 2, "executor: session_id: must have 1 to 128");
        AssertRefused(await AskAsync("sessions", "execute", "work"), 2, "executor: nothing to execute");
        AssertRefused(await AskAsync("sessions", "execute", "nobody", "--code", "1"), 2, "executor: there is no session 'nobody'");
    }

    private async Task<(int Code, string Stdout, string Stderr)> ExecuteAsync(string code)
    {
        CliOutput output = await AskAsync("sessions", "execute", "work", "--code", code);
        return (output.ExitCode, output.Stdout, output.Stderr);
    }
}
