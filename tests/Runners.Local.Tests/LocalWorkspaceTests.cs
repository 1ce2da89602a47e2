using Executor.Executors;
using Executor.Limits;
using Executor.Runners.ContractTests;
using Executor.Runners.Local.Plain;
using Executor.Runners.Local.Sandbox;
using Executor.Runners.Local.Tests.Sandbox;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Local.Tests;

/// <summary>Several processes at once on this machine.</summary>
public abstract class LocalWorkspaceContract(IRunnerBackend backend) : WorkspaceContract, IAsyncDisposable
{
    public ValueTask DisposeAsync() => backend.DisposeAsync();

    protected override Task<IWorkspace> OpenAsync(EffectiveLimits limits) =>
        backend.OpenAsync(new WorkspaceRequest(limits, null, WarmKind.None, BaseEnvironment.Variables, []), CancellationToken.None);

    protected override IEnumerable<string> HostCommandLines() => Leftovers.CommandLines();
}

/// <summary>With the sandbox.</summary>
public sealed class SandboxWorkspaceTests() : LocalWorkspaceContract(new SandboxBackend(new SandboxOptions()));

/// <summary>Without it.</summary>
public sealed class PlainWorkspaceTests() : LocalWorkspaceContract(new PlainBackend());
