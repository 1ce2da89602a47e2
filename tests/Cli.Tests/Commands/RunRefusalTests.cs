namespace Executor.Cli.Commands;

public sealed class RunRefusalTests : CliTest
{
    [Theory]
    [InlineData("nothing to run: name a FILE", "run")]
    [InlineData("nope.py: no such file", "run", "nope.py")]
    [InlineData("folder: is a folder, not a file", "run", "folder")]
    [InlineData("FILE and --code can't be combined", "run", "hello.py", "--code", "1")]
    [InlineData("--code and --entrypoint can't be combined", "run", "--code", "1", "--entrypoint", "m:f")]
    [InlineData("unknown option --timout; did you mean --timeout?", "run", "hello.py", "--timout", "3")]
    [InlineData("what is meant for the program goes after --", "run", "hello.py", "-v")]
    [InlineData("--timeout: must be a number, was 'soon'", "run", "hello.py", "--timeout", "soon")]
    [InlineData("timeout: must be over 0", "run", "hello.py", "--timeout", "-3")]
    [InlineData("timeout: must be over 0", "run", "hello.py", "--timeout", "0")]
    [InlineData("--memory: must be a whole number, was '1.5'", "run", "hello.py", "--memory", "1.5")]
    [InlineData("limits.memory_mb: must be", "run", "hello.py", "--memory", "0")]
    [InlineData("limits.pids: must be", "run", "hello.py", "--pids", "100000")]
    [InlineData("--timeout", "run", "hello.py", "--timeout")]
    [InlineData("language: there is no runtime 'cobol'; there are: bash, ", "run", "hello.py", "--language", "cobol")]
    [InlineData("script: '.zzz' is no runtime's extension", "run", "a.zzz")]
    [InlineData("--runner: 'moon' is no runner; runners: localhost, docker, ssh", "run", "hello.py", "--runner", "moon")]
    [InlineData("executor: 'nobody' is not in the configuration", "run", "hello.py", "--executor", "nobody")]
    [InlineData("params: must be a JSON object", "run", "hello.py", "--callable", "f", "--params", "{x")]
    [InlineData("params: must be an object", "run", "hello.py", "--callable", "f", "--params", "[1]")]
    [InlineData("gone.json: no such file", "run", "hello.py", "--callable", "f", "--params", "@gone.json")]
    [InlineData("--env NO_SUCH_VARIABLE: there is no such variable", "run", "hello.py", "--env", "NO_SUCH_VARIABLE")]
    [InlineData("gone.csv: no such file", "run", "hello.py", "--file", "gone.csv")]
    [InlineData("runtime_env.packages[1]: must be a package such as pandas", "run", "hello.py", "--package", "fine", "--package", "./here")]
    [InlineData("runtime_env.packages: only Python tasks can have packages; this is a bash task", "run", "--code", "true", "--language", "bash", "--package", "fine")]
    [InlineData("--file folder: is a folder", "run", "hello.py", "--file", "folder")]
    [InlineData("files[\"../up\"]: must be a plain relative path", "run", "hello.py", "--file", "hello.py=../up")]
    [InlineData("working_dir: gone: no such folder", "run", "hello.py", "--working-dir", "gone")]
    [InlineData("--stdin gone.txt: no such file", "run", "hello.py", "--stdin", "gone.txt")]
    [InlineData("--artifact needs --artifacts-dir", "run", "hello.py", "--artifact", "*.png")]
    [InlineData("callable: ", "run", "--callable", "f", "--command", "--", "ls")]
    public async Task Run_of_what_is_not_valid_exits_with_2_and_says_why(string message, params string[] args)
    {
        Folder.Write("hello.py", "print('never')");
        Folder.Write("a.zzz", "");
        Directory.CreateDirectory(Folder.At("folder"));
        CliOutput output = await ExecutorAsync([.. args[..1], "--no-sandbox", .. args[1..]]);
        AssertRefused(output, 2, message);
        Assert.Equal("", output.Stdout);
    }

    [Fact]
    public async Task Run_names_every_fault_at_once()
    {
        CliOutput output = await ExecutorAsync("run", "--code", "1", "--timeout", "-1", "--memory", "-1", "--executor", "nobody");
        Assert.Equal(2, output.ExitCode);
        Assert.Contains("timeout: ", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("limits.memory_mb: ", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("'nobody'", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stack_is_shown_only_where_the_debug_variable_asks_for_it()
    {
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path, ["run", "gone.py"], environment: new Dictionary<string, string> { ["EXECUTOR_DEBUG"] = "1" });
        Assert.Equal(2, output.ExitCode);
        Assert.StartsWith("executor: gone.py: no such file\n", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("   at Executor.Cli.", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_with_unreadable_source_text_says_so()
    {
        CliOutput output = await CliProcess.RunAsync(Folder.Path, ["run", "-"], [0xFF, 0xFE, 0x41]);
        AssertRefused(output, 2, "is not UTF-8 text");
    }
}
