using Executor.Runners.Docker.Images;
using Executor.Runners.Workspaces;

namespace Executor.Runners.Docker.Containers;

/// <summary>A task's working directory in a container of its own. When it is disposed everything in it is dead; the engine forgets the container a little later.</summary>
/// <param name="container">Its container.</param>
/// <param name="image">The container's image.</param>
/// <param name="forksPython">Whether the agent's own Python is the task's interpreter: no other is warm in a container.</param>
internal sealed class AgentContainerWorkspace(AgentContainer container, ImageFacts image, bool forksPython) : IWorkspace
{
    private readonly IWorkspace _inner = container.Agent.Open(container.Key.DiskMb, _ => container.DisposeAsync());

    public string Directory => _inner.Directory;

    public Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken) => _inner.PutAsync(files, cancellationToken);

    public async Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        await container.SetLimitsAsync(spec.Limits, cancellationToken);
        Dictionary<string, string> env = image.EnvironmentFor(spec.Env);
        return await _inner.StartAsync(
            spec with { Env = env, MayBeWarm = spec.MayBeWarm && forksPython && ContainerKey.StartVariables(env) == container.Key.StartEnv }, cancellationToken);
    }

    public Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken) =>
        _inner.GetAsync(patterns, maxBytes, cancellationToken);

    public ValueTask DisposeAsync() => _inner.DisposeAsync();
}
