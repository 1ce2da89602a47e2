namespace Executor.Cli.Commands;

public sealed class RunInterruptionTests : CliTest
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Signal_stops_the_program_and_is_told_by_the_exit_code(string signal, int exitCode)
    {
        using CliProcess process = CliProcess.Start(
            Folder.Path, ["run", "--no-sandbox", "--code", "import os, time\nprint(os.getpid(), flush=True)\nprint('ready', flush=True)\ntime.sleep(60)"]);
        await process.SeeAsync("ready");
        process.Ask(signal);
        CliOutput output = await process.WaitAsync();
        Assert.Equal(exitCode, output.ExitCode);
        Assert.False(Directory.Exists($"/proc/{output.StdoutLines[0]}"));
    }

    [Fact]
    public async Task First_signal_lets_the_program_clean_up()
    {
        string program = """
            import signal, sys, time
            def end(number, frame):
                print('cleaned up', flush=True)
                sys.exit(0)
            signal.signal(signal.SIGTERM, end)
            print('ready', flush=True)
            time.sleep(60)
            """;
        using CliProcess process = CliProcess.Start(Folder.Path, ["run", "--no-sandbox", "--code", program]);
        await process.SeeAsync("ready");
        process.Ask("INT");
        CliOutput output = await process.WaitAsync();
        Assert.Equal((130, "ready\ncleaned up\n"), (output.ExitCode, output.Stdout));
    }
}
