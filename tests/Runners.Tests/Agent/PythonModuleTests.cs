using System.Diagnostics;

namespace Executor.Runners.Agent;

/// <summary>The agent and the interpreter of sessions are Python: their own tests, which are in these two folders, run as one of ours.</summary>
public sealed class PythonModuleTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("Agent")]
    [InlineData("Interpreters")]
    public async Task Modules_of_the_agent_and_the_interpreter_pass_their_tests(string folder)
    {
        string sources = Path.Combine(Repository.Root, "src", "Runners");
        var start = new ProcessStartInfo(Requirement.Toolchain("python").Path!, ["-B", "-m", "unittest", "discover", "--verbose", "--start-directory", "."])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests", "Runners.Tests", folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PYTHONPATH"] = Path.Combine(sources, "Agent") + Path.PathSeparator + Path.Combine(sources, "Interpreters"),
                ["EXECUTOR_BUNDLES"] = Path.Combine(sources, "Package", "PythonBundles.targets"),
                ["EXECUTOR_BUILT"] = Path.Combine(AgentSource.Folder, "executor_agent.py"),
            },
        };
        using Process tests = Process.Start(start)!;
        using var hanging = new CancellationTokenSource(Longest);
        await using CancellationTokenRegistration _ = hanging.Token.Register(() => tests.Kill(entireProcessTree: true));
        Task<string> printed = tests.StandardOutput.ReadToEndAsync();
        string report = await tests.StandardError.ReadToEndAsync();
        await tests.WaitForExitAsync();

        Assert.True(tests.ExitCode == 0, await printed + report);
        Assert.Matches(@"Ran [1-9]\d* tests?", report); // with none, unittest is content, too
    }
}
