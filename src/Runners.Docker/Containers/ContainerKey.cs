using Executor.Executors;
using Executor.Runners.Docker.Images;
using Executor.Runners.Docker.Options;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Containers;

/// <summary>What makes two prepared containers interchangeable. (Memory and processes can be set on a container that runs.)</summary>
/// <param name="Executor">The code executor.</param>
/// <param name="ImageId">The image's content.</param>
/// <param name="Python">Path in the image of the interpreter that runs the agent, and the tasks it forks.</param>
/// <param name="StartEnv">What the interpreter reads when it starts, as <c>NAME=value</c> lines.</param>
/// <param name="Network">Whether the task may use the network.</param>
/// <param name="DiskMb">Size of its disk.</param>
internal sealed record ContainerKey(DockerCodeExecutorOptions Executor, string ImageId, string Python, string StartEnv, bool Network, int DiskMb)
{
    /// <summary>The variables that a Python reads when it starts. (Whether to write bytecode it can be told later.)</summary>
    public static string StartVariables(IReadOnlyDictionary<string, string> env) => string.Join(
        '\n',
        from variable in env
        where variable.Key.StartsWith("PYTHON", StringComparison.Ordinal) && variable.Key != "PYTHONDONTWRITEBYTECODE"
        orderby variable.Key
        select $"{variable.Key}={variable.Value}");

    /// <summary>The key of a workspace.</summary>
    public static ContainerKey Of(DockerCodeExecutorOptions executor, ImageFacts image, string python, WorkspaceRequest request) => new(
        executor, image.Id, python, StartVariables(image.EnvironmentFor(request.Env)), request.Limits.Network, request.Limits.DiskMb);
}
