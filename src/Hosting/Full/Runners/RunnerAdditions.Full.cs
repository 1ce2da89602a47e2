namespace Executor.Hosting.Runners;

/// <content>The runners of edition Full.</content>
internal static partial class RunnerAdditions
{
    static partial void AddFull(List<RunnerAddition> additions)
    {
        additions.Add(new DockerAddition());
        additions.Add(new SshAddition());
    }
}
