using Executor.Tasks;

namespace Executor.Executors;

public sealed class CodeExecutorChoiceTests
{
    private static readonly CodeExecutorOptions[] Configured =
    [
        new DockerCodeExecutorOptions { Name = "b", Image = "x" },
        new DockerCodeExecutorOptions { Name = "a", Image = "y" },
    ];

    [Fact]
    public void Default_code_executor_is_the_first_of_the_kind_and_localhost_has_one_always()
    {
        Assert.Equal("b", CodeExecutorChoice.DefaultFor(Configured, RunnerKind.Docker)?.Name);
        Assert.Same(LocalCodeExecutorOptions.Default, CodeExecutorChoice.DefaultFor(Configured, RunnerKind.Localhost));
        Assert.Null(CodeExecutorChoice.DefaultFor(Configured, RunnerKind.Ssh));
    }

    [Fact]
    public void Code_executor_is_found_by_its_exact_name_and_this_machines_is_always_there()
    {
        Assert.Equal("a", CodeExecutorChoice.Named(Configured, "a")?.Name);
        Assert.Same(LocalCodeExecutorOptions.Default, CodeExecutorChoice.Named(Configured, "local_default"));
        Assert.Null(CodeExecutorChoice.Named(Configured, "B"));
    }

    [Theory]
    [InlineData("a", null, "a")]
    [InlineData(null, RunnerKind.Docker, "b")]
    [InlineData(null, null, "local_default")]
    [InlineData("c", RunnerKind.Docker, null)]
    public void Task_gets_the_one_it_names_else_the_default_of_its_runner(string? executor, RunnerKind? runner, string? expected) =>
        Assert.Equal(expected, CodeExecutorChoice.Find(Configured, new TaskSpec { Executor = executor, Runner = runner })?.Name);
}
