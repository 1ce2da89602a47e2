using Executor.Tasks;

namespace Executor.Executors;

public sealed class CodeExecutorChoiceTests
{
    private static readonly Options BuiltIn = new(RunnerKind.Localhost) { Name = "always", IsBuiltIn = true };

    private static readonly IReadOnlyList<CodeExecutorOptions> There = CodeExecutorChoice.WithBuiltIn(
        [new Options(RunnerKind.Docker) { Name = "b" }, new Options(RunnerKind.Docker) { Name = "a" }], [BuiltIn]);

    [Fact]
    public void Default_code_executor_is_the_first_of_the_kind()
    {
        Assert.Equal("b", CodeExecutorChoice.DefaultFor(There, RunnerKind.Docker)?.Name);
        Assert.Same(BuiltIn, CodeExecutorChoice.DefaultFor(There, RunnerKind.Localhost));
        Assert.Null(CodeExecutorChoice.DefaultFor(There, RunnerKind.Ssh));
    }

    [Fact]
    public void Code_executor_is_found_by_its_exact_name_and_a_built_in_one_is_always_there()
    {
        Assert.Equal("a", CodeExecutorChoice.Named(There, "a")?.Name);
        Assert.Same(BuiltIn, CodeExecutorChoice.Named(There, "always"));
        Assert.Null(CodeExecutorChoice.Named(There, "B"));
    }

    [Fact]
    public void Configured_code_executor_takes_the_place_and_the_name_of_a_built_in_one()
    {
        Options configured = new(RunnerKind.Localhost) { Name = "always" };
        Options other = new(RunnerKind.Localhost) { Name = "other" };

        Assert.Same(configured, Assert.Single(CodeExecutorChoice.WithBuiltIn([configured], [BuiltIn])));
        Assert.Same(other, CodeExecutorChoice.DefaultFor(CodeExecutorChoice.WithBuiltIn([other], [BuiltIn]), RunnerKind.Localhost));
    }

    [Theory]
    [InlineData("a", null, "a")]
    [InlineData(null, RunnerKind.Docker, "b")]
    [InlineData(null, null, "always")]
    [InlineData("c", RunnerKind.Docker, null)]
    public void Task_gets_the_one_it_names_else_the_default_of_its_runner(string? executor, RunnerKind? runner, string? expected) =>
        Assert.Equal(expected, CodeExecutorChoice.Find(There, new TaskSpec { Executor = executor, Runner = runner })?.Name);

    [Theory]
    [InlineData("c", null, "executor: 'c' is not in the configuration; code executors there: b, a")]
    [InlineData("a", RunnerKind.Ssh, "runner: is ssh, but the code executor 'a' runs on docker")]
    [InlineData(null, RunnerKind.Ssh, "runner: ssh is not part of this build; runners here: localhost, docker")]
    public void Task_that_none_can_run_is_told_why(string? executor, RunnerKind? runner, string expected)
    {
        List<ValidationFault> faults = [];

        CodeExecutorChoice.Check(There, [RunnerKind.Localhost, RunnerKind.Docker], new TaskSpec { Executor = executor, Runner = runner }, faults);

        Assert.Equal(expected, Assert.Single(faults).ToString());
    }

    private sealed record Options(RunnerKind Of) : CodeExecutorOptions
    {
        public override RunnerKind Kind => Of;

        public override StoredCodeExecutor Stored => throw new NotSupportedException();
    }
}
