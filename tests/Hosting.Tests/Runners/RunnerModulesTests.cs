using Executor.Tasks;

namespace Executor.Hosting.Runners;

public sealed class RunnerModulesTests
{
    public static TheoryData<RunnerKind> Kinds() => [.. Enum.GetValues<RunnerKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_the_list_says_of_a_runner_is_what_its_module_says(RunnerKind kind)
    {
        ListedRunner listed = Assert.Single(RunnerModules.All, runner => runner.Kind == kind);

        Assert.Equal((listed.Kind, listed.Section, listed.IsBuiltIn), (listed.Module.Kind, listed.Module.Section, listed.Module.BuiltIn.Count > 0));
    }
}
