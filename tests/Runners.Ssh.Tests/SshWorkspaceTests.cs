using Executor.Limits;
using Executor.Runners.ContractTests;
using Executor.Runners.Workspaces;
using Executor.Runtimes;

namespace Executor.Runners.Ssh.Tests;

/// <summary>Several processes at once over SSH, to a real sshd.</summary>
public abstract class SshWorkspaceContract(ContractHost host, bool sandboxed) : WorkspaceContract, IClassFixture<ContractHost>
{
    protected override Task<IWorkspace> OpenAsync(EffectiveLimits limits) => host.Runner(sandboxed).Backend.OpenAsync(
        new WorkspaceRequest(limits, null, WarmKind.None, BaseEnvironment.Variables, [], CodeExecutor: host.Options, Sandboxed: sandboxed),
        CancellationToken.None);

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.All().Select(HostProcesses.CommandLine);
}

/// <summary>In the sandbox there.</summary>
public sealed class SandboxedSshWorkspaceTests(ContractHost host) : SshWorkspaceContract(host, sandboxed: true);

/// <summary>As plain processes of the user's.</summary>
public sealed class PlainSshWorkspaceTests(ContractHost host) : SshWorkspaceContract(host, sandboxed: false);
