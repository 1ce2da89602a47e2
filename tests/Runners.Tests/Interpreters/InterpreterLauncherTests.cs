using Executor.Runners.Probing;
using Executor.Runtimes;
using Executor.Sessions;
using Executor.Tasks;

namespace Executor.Runners.Interpreters;

public sealed class InterpreterLauncherTests
{
    private static readonly InterpreterLauncher Launcher =
        new(RuntimeCatalog.BuiltIn, RuntimeProbe.Shared, new RunnerBackends(), new TaskRunnerDefaults(), TimeProvider.System);

    [Fact]
    public void Language_without_sessions_is_told_with_those_that_have_them() =>
        Assert.Equal("language: ruby has no sessions; these have: python", Assert.Single(Launcher.Check(new SessionSpec { Language = "ruby" })).ToString());

    [Fact]
    public void Unknown_language_is_told_with_those_there_are()
    {
        ValidationFault fault = Assert.Single(Launcher.Check(new SessionSpec { Language = "pyhton" }));

        Assert.Equal("language", fault.Field);
        Assert.Contains("python", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../out", false)]
    [InlineData(".executor/session.py", false)]
    [InlineData("main.py", true)]
    public void Files_may_be_anywhere_but_where_ours_are(string path, bool allowed) =>
        Assert.Equal(allowed, Launcher.Check(new SessionSpec { Files = new Dictionary<string, TaskFile> { [path] = new() { Content = "" } } }).Count == 0);

    [Fact]
    public void Every_name_of_a_language_will_do() => Assert.Empty(Launcher.Check(new SessionSpec { Language = "py" }));
}
