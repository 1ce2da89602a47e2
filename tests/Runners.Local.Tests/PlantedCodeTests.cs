using Executor.Runners.Agent;
using Executor.Tasks;

namespace Executor.Runners.Local.Tests;

/// <summary>What other users of the machine leave in its temporary folder is not run by what starts outside of a sandbox.</summary>
public sealed class PlantedCodeTests : IDisposable
{
    private const string HostPython = "/usr/bin/python3";

    private readonly SharedHome _home;

    public PlantedCodeTests()
    {
        Requirement.Check(File.Exists(HostPython) ? null : $"there is no {HostPython}");
        _home = new SharedHome(AgentSource.Folder, HostPython, Requirement.Toolchain("python").Path!);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task It_is_run_by_a_program_whose_home_that_is()
    {
        string node = Requirement.Toolchain("node").Path!;

        Assert.Equal(_home.Left, (await _home.TryAsync(HostPython, "-c", $"import {_home.Package}")).Concat(await _home.TryAsync(node, "-e", $"require('{_home.Package}')")).Order());
    }

    [Theory]
    [InlineData("python", "print(1)")]
    [InlineData("node", "console.log(1)")]
    [InlineData("bash", "echo 1")]
    public async Task Agent_runs_none_of_it(string language, string code)
    {
        Requirement.Toolchain(language);
        await using LocalRunner local = LocalRunner.Sandboxed();

        TaskResult result = await local.RunAsync(new TaskSpec { Language = language, Code = code });

        Assert.Equal("1\n", result.Stdout);
        Assert.Empty(_home.Ran);
    }

    [Fact]
    public async Task Agent_of_another_interpreter_runs_none_of_it()
    {
        await using LocalRunner local = LocalRunner.Sandboxed();

        TaskResult result = await local.RunAsync(new TaskSpec { Language = "python", Code = "print(1)" }, python: HostPython);

        Assert.Equal("1\n", result.Stdout);
        Assert.Empty(_home.Ran);
    }

    [Theory]
    [InlineData("python", "print(1)\ntry:\n    import {0}\nexcept ImportError:\n    print(2)")]
    [InlineData("node", "console.log(1)\ntry {{ require('{0}') }} catch {{ console.log(2) }}")]
    [InlineData("bash", "echo 1; [ \"$HOME\" -ef . ] && echo 2")]
    public async Task Plain_task_runs_none_of_it_and_has_a_home_of_its_own(string language, string code)
    {
        Requirement.Toolchain(language);
        await using LocalRunner local = LocalRunner.Plain();

        TaskResult result = await local.RunAsync(new TaskSpec
        {
            Language = language,
            Code = string.Format(System.Globalization.CultureInfo.InvariantCulture, code, _home.Package),
            Env = new Dictionary<string, string> { ["MARK"] = _home.Mark },
        });

        Assert.Equal("1\n2\n", result.Stdout);
        Assert.Empty(_home.Ran);
    }

    [Fact]
    public async Task Home_that_a_plain_task_asks_for_is_its_home()
    {
        await using LocalRunner local = LocalRunner.Plain();

        TaskResult result = await local.RunAsync(new TaskSpec { Command = ["sh", "-c", "echo $HOME"], Env = new Dictionary<string, string> { ["HOME"] = "/srv" } });

        Assert.Equal("/srv\n", result.Stdout);
    }
}
