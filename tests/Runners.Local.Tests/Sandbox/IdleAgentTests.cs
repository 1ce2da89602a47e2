using System.Diagnostics;
using Executor.Executors;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

public sealed class IdleAgentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kinds-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Agents_of_kinds_asked_for_least_lately_are_let_go_and_the_latest_stay()
    {
        string[] pythons = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(MakeAsync))];
        await using LocalRunner local = LocalRunner.Sandboxed(new SandboxOptions { AgentsMax = 1 });
        foreach (string python in pythons)
        {
            await RunAsync(local, python);
        }

        int[] kept = [.. Leftovers.OwnAgents().Order()];
        foreach (string python in pythons[2..])
        {
            await RunAsync(local, python);
        }

        Assert.Equal(4, kept.Length);
        Assert.Equal(kept, Leftovers.OwnAgents().Order());
    }

    private static async Task RunAsync(LocalRunner local, string python)
    {
        TaskResult result = await local.RunAsync(new TaskSpec { Language = "python", Code = "pass" }, python: python);
        Assert.True(result.Success, $"{result.Error}");
    }

    /// <summary>An interpreter of its own, and so a kind of agent of its own.</summary>
    private async Task<string> MakeAsync(int number)
    {
        string home = Path.Join(_folder, $"{number}");
        using Process process = Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", home]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return Path.Join(home, "bin/python");
    }
}
