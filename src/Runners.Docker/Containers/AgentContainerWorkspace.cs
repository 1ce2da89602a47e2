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
    private readonly SemaphoreSlim _starting = new(1);
    private int _running;

    public string Directory => _inner.Directory;

    public Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken) => _inner.PutAsync(files, cancellationToken);

    public async Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        Dictionary<string, string> env = image.EnvironmentFor(spec.Env);
        await _starting.WaitAsync(cancellationToken);
        try
        {
            // The container's limits are those of all that runs in it: what is started beside another does not change them.
            if (Volatile.Read(ref _running) == 0)
            {
                await container.SetLimitsAsync(spec.Limits, cancellationToken);
            }

            IRunningProcess process = await _inner.StartAsync(
                spec with { Env = env, MayBeWarm = spec.MayBeWarm && forksPython && ContainerKey.StartVariables(env) == container.Key.StartEnv }, cancellationToken);
            Interlocked.Increment(ref _running);
            _ = process.WaitAsync(CancellationToken.None).ContinueWith(
                ended =>
                {
                    _ = ended.Exception;
                    Interlocked.Decrement(ref _running);
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            return process;
        }
        finally
        {
            _starting.Release();
        }
    }

    public Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken) =>
        _inner.GetAsync(patterns, maxBytes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync();
        _starting.Dispose();
    }
}
