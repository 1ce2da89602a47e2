using Executor.Executors;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners.Local;

/// <summary>This machine for both kinds of task: those in the sandbox, and those that ask for none.</summary>
/// <param name="sandbox">How sandboxes are built.</param>
internal sealed class LocalBackend(SandboxOptions sandbox) : IRunnerBackend
{
    private readonly Lazy<PlainBackend> _plain = new(() => new PlainBackend());

    /// <summary>What this machine can do.</summary>
    public static RunnerCapabilities Able { get; } = new() { ServesUnsandboxed = true };

    public RunnerKind Kind => RunnerKind.Localhost;

    public RunnerCapabilities Capabilities => Able;

    public SandboxBackend Sandbox { get; } = new(sandbox);

    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken) =>
        request.Sandboxed ? Sandbox.OpenAsync(request, cancellationToken) : _plain.Value.OpenAsync(request, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        if (_plain.IsValueCreated)
        {
            await _plain.Value.DisposeAsync();
        }
    }
}
