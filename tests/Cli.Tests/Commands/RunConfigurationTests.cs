namespace Executor.Cli.Commands;

public sealed class RunConfigurationTests : CliTest
{
    private const string Configuration = "code_executors:\n  local:\n    quick:\n      timeout_sec: 1.5\n";

    [Fact]
    public async Task Run_uses_the_code_executor_it_names()
    {
        Folder.Write("my.yaml", Configuration);
        CliOutput output = await ExecutorAsync(
            "run", "--config", "my.yaml", "--executor", "quick", "--no-sandbox", "--code", "import time; time.sleep(60)");
        Assert.Equal(124, output.ExitCode);
        Assert.Contains("timeout of 1.5 s", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_finds_the_configuration_of_its_variable()
    {
        string path = Folder.Write("my.yaml", Configuration);
        CliOutput output = await CliProcess.RunAsync(
            Folder.Path, ["run", "--executor", "nobody", "--code", "1"], environment: new Dictionary<string, string> { ["EXECUTOR_CONFIG"] = path });
        AssertRefused(output, 2, "code executors there: quick");
    }

    [Fact]
    public async Task Run_names_file_line_and_key_of_what_is_wrong_in_the_configuration()
    {
        Folder.Write("my.yaml", "code_executors:\n  local:\n    quick:\n      timeout_sec: -1\nsurprise: 1\n");
        CliOutput output = await ExecutorAsync("run", "--config", "my.yaml", "--code", "1");
        AssertRefused(output, 2, "my.yaml:4: code_executors.local.quick.timeout_sec: ");
        Assert.Contains("my.yaml:5: surprise: ", output.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_in_a_folder_with_a_strange_config_yaml_says_how_to_go_on()
    {
        Folder.Write("config.yaml", "learning_rate: 0.1\n");
        using CliProcess process = CliProcess.StartProgram(
            "env", ["-u", "EXECUTOR_CONFIG", "dotnet", CliProcess.Assembly, "run", "--code", "1"], Folder.Path);
        AssertRefused(await process.WaitAsync(), 2, "config.yaml: was found in the current folder; if it is another program's, set EXECUTOR_CONFIG=");
    }

    [Fact]
    public async Task Run_with_a_configuration_that_is_not_there_says_so()
    {
        AssertRefused(await ExecutorAsync("run", "--config", "gone.yaml", "--code", "1"), 2, "gone.yaml");
    }

    [Fact]
    public async Task Run_logs_to_the_file_the_configuration_names_and_keeps_standard_output_clean()
    {
        Folder.Write("my.yaml", "logging:\n  main:\n    console_level: debug\n    file_level: debug\n    file: logs/main.log\n");
        CliOutput output = await ExecutorAsync("run", "--config", "my.yaml", "--no-sandbox", "--code", "print('clean')");
        Assert.Equal((0, "clean\n"), (output.ExitCode, output.Stdout));
        Assert.Contains("Executor.Cli.Running.LocalTasks: ", output.Stderr, StringComparison.Ordinal);
        Assert.Contains("is Completed after", Folder.Read("logs/main.log"), StringComparison.Ordinal);
    }
}
