using System.Text.Json;
using Executor.Cli.Batch;

namespace Executor.Cli.Commands;

/// <summary>The command line with a code executor over SSH, to a throw-away sshd.</summary>
public sealed class SshTests : CliTest, IAsyncLifetime
{
    private SshServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        Folder.Write("config.yaml", $"""
            code_executors:
              ssh:
                there: {Entry(_server.Port)}
                gone: {Entry(SshServer.FreePort())}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task All_HumanEval_solutions_complete_by_changing_the_executor_only()
    {
        Folder.Write("tasks.jsonl", await HumanEvalProblems.WriteAsync());

        CliOutput output = await ExecutorAsync("batch", "tasks.jsonl", "--parallel", "4", "--executor", "there", "--config", "config.yaml");

        List<JsonElement> results = BatchFile.Results(output.Stdout);
        Assert.Equal(HumanEvalProblems.Count, results.Count);
        Assert.All(results, result => Assert.Equal(("COMPLETED", 0), (result.Status(), result.GetProperty("exit_code").GetInt32())));
        Assert.All(results, result => Assert.Equal(("ssh", "there"), (result.GetProperty("executor_type").GetString(), result.GetProperty("config_id").GetString())));
    }

    [Fact]
    public async Task Run_hands_on_input_output_and_exit_code()
    {
        Folder.Write("ask.py", "import sys\nprint(input()[::-1])\nprint('no', file=sys.stderr)\nsys.exit(7)\n");

        CliOutput output = await ExecutorAsync("run", "ask.py", "--runner", "ssh", "--stdin", "ask.py", "--config", "config.yaml");

        Assert.Equal((7, "sys tropmi\n", "no\n"), (output.ExitCode, output.Stdout, output.Stderr));
    }

    [Fact]
    public async Task Doctor_says_what_is_wrong_with_each_host()
    {
        CliOutput output = await ExecutorAsync("doctor", "--config", "config.yaml");

        Assert.Contains("ok    ssh there", output.Stdout, StringComparison.Ordinal);
        Assert.Contains("note  ssh gone", output.Stdout, StringComparison.Ordinal);
        Assert.Contains("code_executors.ssh.gone.port", output.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtime_for_a_host_that_is_not_configured_names_those_that_are()
    {
        CliOutput output = await ExecutorAsync("ssh", "install-runtime", "here", "--config", "config.yaml");

        Assert.Equal(2, output.ExitCode);
        Assert.Contains("gone, there", output.Stderr, StringComparison.Ordinal);
    }

    private string Entry(int port) =>
        $"{{host: 127.0.0.1, port: {port}, username: {Environment.UserName}, private_key: {_server.UserKey}, known_hosts_file: {_server.KnownHosts}}}";
}
