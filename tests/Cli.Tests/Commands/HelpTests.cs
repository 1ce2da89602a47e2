namespace Executor.Cli.Commands;

public sealed class HelpTests : CliTest
{
    [Fact]
    public async Task Help_lists_every_command_and_shows_examples()
    {
        CliOutput output = await ExecutorAsync("--help");
        Assert.Equal((0, ""), (output.ExitCode, output.Stderr));
        Assert.All(["run", "batch", "serve", "submit", "status", "result", "logs", "cancel", "list", "executors", "jobs", "runtimes", "doctor", "test", "bench", "Examples:"], word => Assert.Contains(word, output.Stdout, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run", "executor run --command")]
    [InlineData("batch", "--resume")]
    [InlineData("submit", "executor submit --task")]
    [InlineData("status", "executor status")]
    [InlineData("result", "--wait 60")]
    [InlineData("logs", "-f")]
    [InlineData("cancel", "xargs executor cancel")]
    [InlineData("list", "--status RUNNING")]
    [InlineData("executors", "executors drain")]
    [InlineData("jobs", "jobs start")]
    public async Task Help_of_a_command_shows_its_examples(string command, string example)
    {
        CliOutput output = await ExecutorAsync(command, "--help");
        Assert.Equal(0, output.ExitCode);
        Assert.Contains("Examples:", output.Stdout, StringComparison.Ordinal);
        Assert.Contains(example, output.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_is_one_line()
    {
        CliOutput output = await ExecutorAsync("--version");
        Assert.Equal(0, output.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output.Stdout);
    }

    [Theory]
    [InlineData("'rum': unknown command; did you mean run?", "rum")]
    [InlineData("'frobnicate': unknown command. Known commands: batch, ", "frobnicate", "x")]
    [InlineData("name a command", new string[0])]
    [InlineData("start it as ./executor test", "test")]
    [InlineData("unknown option --paralel; did you mean --parallel?", "batch", "x.jsonl", "--paralel", "3")]
    [InlineData("see executor jobs start --help", "jobs", "start")]
    [InlineData("--parallel can't be combined with --server", "batch", "x.jsonl", "--parallel", "3", "--server", "host")]
    [InlineData("--server: must be the address of a server", "run", "x.py", "--server", "ftp://host")]
    public async Task Unknown_words_are_answered_with_the_nearest_known(string message, params string[] args) =>
        AssertRefused(await ExecutorAsync(args), 2, message);
}
