namespace Executor.Hosting.Runners;

/// <summary>The runners there are besides this machine: the one list of them.</summary>
internal static class RunnerModules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<RunnerModule> All { get; } = [new DockerModule(), new SshModule()];
}
