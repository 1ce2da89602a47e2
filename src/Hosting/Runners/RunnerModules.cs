using Executor.Executors;
using Executor.Runners.Docker;
using Executor.Runners.Local;
using Executor.Runners.Ssh;
using Executor.Tasks;

namespace Executor.Hosting.Runners;

/// <summary>The runners there are: the one list of them, and all that the programs know of any one of them.</summary>
public static class RunnerModules
{
    /// <summary>All of them, in the order of lists.</summary>
    public static IReadOnlyList<ListedRunner> All { get; } =
    [
        new(RunnerKind.Localhost, "local", () => new LocalModule()) { IsBuiltIn = true },
        new(RunnerKind.Docker, "docker", () => new DockerModule()),
        new(RunnerKind.Ssh, "ssh", () => new SshModule()),
    ];

    /// <summary>The sections of <c>code_executors</c>.</summary>
    public static IReadOnlyList<CodeExecutorSection> Sections =>
        [.. All.Select(runner => new CodeExecutorSection(runner.Section, (name, entry) => runner.Module.Read(name, entry)))];

    /// <summary>Configured code executors, and those that are there without being configured.</summary>
    internal static IReadOnlyList<CodeExecutorOptions> WithBuiltIn(IReadOnlyList<CodeExecutorOptions> configured) =>
        CodeExecutorChoice.WithBuiltIn(configured, All.Where(runner => runner.IsBuiltIn).SelectMany(runner => runner.Module.BuiltIn));
}
