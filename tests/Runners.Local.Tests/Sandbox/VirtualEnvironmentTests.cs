using System.Diagnostics;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests.Sandbox;

/// <summary>Several interpreters side by side, each warm, each with its own packages.</summary>
public sealed class VirtualEnvironmentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("venvs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Two_environments_side_by_side_each_find_their_own_packages()
    {
        string[] pythons = [await MakeAsync("one"), await MakeAsync("two")];
        await using LocalRunner local = LocalRunner.Sandboxed();
        var task = new TaskSpec { Language = "python", Code = "import sys, mine\nprint(mine.NAME, sys.prefix, sys.executable)" };

        for (int round = 0; round < 2; round++)
        {
            TaskResult[] results = await Task.WhenAll(pythons.Select(python => local.RunAsync(task, python: python)));

            Assert.All(results, result => Assert.True(result.Success, $"{result.Error} {result.Stderr}"));
            Assert.Equal([$"one {_folder}/one {pythons[0]}\n", $"two {_folder}/two {pythons[1]}\n"], results.Select(result => result.Stdout));
        }
    }

    [Fact]
    public async Task Interpreter_that_is_not_there_is_said_so()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();

        TaskResult result = await local.RunAsync(new TaskSpec { Language = "python", Code = "pass" }, python: Path.Combine(_folder, "absent/bin/python"));

        Assert.Equal(TaskErrorTypes.RuntimeUnavailable, result.Error?.Type);
        Assert.Contains("absent/bin/python", result.Error!.Message, StringComparison.Ordinal);
    }

    /// <summary>A virtual environment with a module of its own.</summary>
    private async Task<string> MakeAsync(string name)
    {
        string home = Path.Combine(_folder, name);
        using Process process = Process.Start("/usr/bin/python3", ["-m", "venv", "--without-pip", home]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        string packages = Directory.GetDirectories(Path.Combine(home, "lib"), "python3*").Single() + "/site-packages";
        await File.WriteAllTextAsync(Path.Combine(packages, "mine.py"), $"NAME = '{name}'\n");
        return Path.Combine(home, "bin/python");
    }
}
