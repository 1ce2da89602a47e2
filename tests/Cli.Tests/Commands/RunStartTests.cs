namespace Executor.Cli.Commands;

public sealed class RunStartTests : CliTest
{
    [Fact]
    public async Task Run_here_loads_nothing_of_the_client_the_server_or_other_runners()
    {
        CliOutput output = await ExecutorAsync("run", "--no-sandbox", "--code", "import os\nprint(open(f'/proc/{os.getppid()}/maps').read())");
        Assert.Contains("Executor.Core.dll", output.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("Executor.Runners.Docker.dll", output.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("Executor.Runners.Ssh.dll", output.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("Executor.Api.dll", output.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Net.Http.dll", output.Stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.AspNetCore.Http", output.Stdout, StringComparison.Ordinal);
    }
}
