using System.Text.Json;

namespace Executor.Cli.Commands;

public sealed class DoctorCommandTests : CliTest
{
    [Fact]
    public async Task Doctor_names_everything_it_looked_at()
    {
        CliOutput output = await ExecutorAsync("doctor", "--json");
        using JsonDocument json = JsonDocument.Parse(Assert.Single(output.StdoutLines));
        string[] names = [.. json.RootElement.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()!)];
        Assert.All(["system", "hardware", "dotnet", "configuration", "sandbox"], name => Assert.Contains(name, names));
        Assert.Equal(output.ExitCode == 0, json.RootElement.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(json.RootElement.GetProperty("runtimes").EnumerateArray());
    }

    [Fact]
    public async Task Doctor_exits_with_1_for_a_broken_configuration_and_still_looks_at_the_rest()
    {
        Folder.Write("broken.yaml", "surprise: 1\n");
        CliOutput output = await ExecutorAsync("doctor", "--config", "broken.yaml");
        Assert.Equal((1, ""), (output.ExitCode, output.Stderr));
        Assert.Contains("BAD   configuration  broken.yaml:1: surprise: ", output.Stdout, StringComparison.Ordinal);
        Assert.Contains("sandbox", output.Stdout, StringComparison.Ordinal);
        Assert.Contains("python", output.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runtimes_lists_what_is_there_with_version_and_path()
    {
        CliOutput output = await ExecutorAsync("runtimes", "--json");
        Assert.Equal(0, output.ExitCode);
        using JsonDocument json = JsonDocument.Parse(Assert.Single(output.StdoutLines));
        JsonElement python = json.RootElement.EnumerateArray().Single(runtime => runtime.GetProperty("name").GetString() == "python");
        Assert.True(python.GetProperty("available").GetBoolean());
        Assert.True(python.GetProperty("warm").GetBoolean());
        Assert.StartsWith("3.", python.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(python.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task Runtimes_lists_what_is_absent_with_how_to_get_it()
    {
        Folder.Write("my.yaml", "runtimes:\n  cobol:\n    extensions: [.cob]\n    source_file: main.cob\n    interpreter: no-such-cobol\n    run: ['{interpreter}', '{source}']\n    install_hint: apt-get install -y gnucobol\n");
        CliOutput output = await ExecutorAsync("runtimes", "--config", "my.yaml");
        Assert.Equal((0, ""), (output.ExitCode, output.Stderr));
        string line = Assert.Single(output.StdoutLines, line => line.StartsWith("cobol", StringComparison.Ordinal));
        Assert.Contains("absent", line, StringComparison.Ordinal);
        Assert.Contains("apt-get install -y gnucobol", line, StringComparison.Ordinal);
    }
}
