using Executor.Runners.Workspaces;

namespace Executor.Runners.Ssh.Agents;

/// <summary>A workspace that holds one of a host's places for tasks until it is disposed.</summary>
internal sealed class SlotWorkspace(IWorkspace workspace, Action release) : IWorkspace
{
    private bool _released;

    public string Directory => workspace.Directory;

    public Task PutAsync(IReadOnlyList<WorkspaceFile> files, CancellationToken cancellationToken) => workspace.PutAsync(files, cancellationToken);

    public Task<IRunningProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken) => workspace.StartAsync(spec, cancellationToken);

    public Task<CollectedFiles> GetAsync(IReadOnlyList<string> patterns, long maxBytes, CancellationToken cancellationToken) =>
        workspace.GetAsync(patterns, maxBytes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await workspace.DisposeAsync();
        }
        finally
        {
            if (!Interlocked.Exchange(ref _released, true))
            {
                release();
            }
        }
    }
}
