using Executor.Cli.Batch;

namespace Executor.Cli.Remote;

public sealed class RunServerTests : ServerTest
{
    [Fact]
    public async Task Run_does_there_what_it_does_here()
    {
        Folder.Write("project/main.py", "import helper, sys\nprint(helper.greet(sys.stdin.read()))\nopen('out.txt', 'w').write('made')\nsys.exit(7)");
        Folder.Write("project/helper.py", "def greet(name): return 'hello ' + name");
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path, ["run", "main.py", "--working-dir", "project", "--artifact", "out.txt", "--artifacts-dir", "back", "--server", Url], "wörld"u8.ToArray());
        Assert.Equal((7, "hello wörld\n", ""), (output.ExitCode, output.Stdout, output.Stderr));
        Assert.Equal("made", Folder.Read("back/out.txt"));
    }

    [Fact]
    public async Task Value_of_a_callable_and_a_traceback_are_shown_as_here()
    {
        CliOutput value = await AskAsync("run", "--code", "def f(): print('out'); return [1]", "--callable", "f", "--server", Url);
        Assert.Equal((0, "out\n[1]\n"), (value.ExitCode, value.Stdout));
        CliOutput raised = await AskAsync("run", "--code", "def f(): raise ValueError('no')", "--callable", "f", "--server", Url);
        Assert.Equal(1, raised.ExitCode);
        Assert.EndsWith("ValueError: no\n", raised.Stderr, StringComparison.Ordinal);
        Assert.Equal(124, (await AskAsync("run", "--timeout", "0.2", "--code", "import time; time.sleep(60)", "--server", Url)).ExitCode);
    }

    [Fact]
    public async Task Json_prints_the_result_alone()
    {
        CliOutput output = await AskAsync("run", "--json", "--code", "print(1)", "--server", Url);
        Assert.Equal("COMPLETED", Assert.Single(BatchFile.Results(output.Stdout)).Status());
    }

    [Fact]
    public async Task Input_that_is_no_text_is_refused()
    {
        CliOutput output = await CliProcess.RunAsync(Folder.Path, ["run", "--code", "1", "--server", Url], [255]);
        AssertRefused(output, 2, "executor: standard input: is not UTF-8 text");
    }

    [Fact]
    public async Task Ctrl_C_cancels_the_task_there()
    {
        using CliProcess process = Start("run", "--no-sandbox", "--stdin", "/dev/null", "--code", WaitingFor("never"), "--server", Url);
        await process.SeeAsync("first");
        process.Ask("INT");
        Assert.Equal(130, (await process.WaitAsync()).ExitCode);
        CliOutput list = await AskAsync("list", "--json");
        Assert.Equal("CANCELLED", Assert.Single(BatchFile.Results(list.Stdout)).Status());
    }

    [Fact]
    public async Task Run_goes_on_when_the_server_was_killed_and_comes_again()
    {
        using CliProcess process = Start("run", "--no-sandbox", "--stdin", "/dev/null", "--code", WaitingFor("gate"), "--server", Url);
        await process.SeeAsync("first");
        await Server.KillAsync();
        await process.SeeErrorAsync("the server does not answer; trying again");
        Folder.Write("gate", "");
        await Server.StartAgainAsync();
        CliOutput output = await process.WaitAsync();
        Assert.Equal(0, output.ExitCode);
        Assert.EndsWith("first\nlast é", output.Stdout, StringComparison.Ordinal);
        Assert.Contains("executor: the server answers again", output.Stderr, StringComparison.Ordinal);
    }
}
