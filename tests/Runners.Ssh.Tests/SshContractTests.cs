using Executor.Runners.ContractTests;
using Executor.Runners.Ssh.Tests.Server;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests;

/// <summary>The runner contract over SSH, to a real sshd.</summary>
public abstract class SshContract : RunnerContract, IAsyncLifetime
{
    private SshServer _server = null!;
    private SshRunner _ssh = null!;

    public async Task InitializeAsync()
    {
        _server = await SshServer.StartAsync();
        _ssh = Create(_server);
    }

    public async Task DisposeAsync()
    {
        await _ssh.DisposeAsync();
        Assert.Empty(HostProcesses.Of(_server.Folder));
        Assert.False(Directory.Exists(_server.Options().WorkDir) && Directory.EnumerateFileSystemEntries(_server.Options().WorkDir!).Any());
        await _server.DisposeAsync();
    }

    private protected abstract SshRunner Create(SshServer server);

    protected override Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        _ssh.RunAsync(task, live, input, cancellationToken);

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.All().Select(HostProcesses.CommandLine);
}

/// <summary>In the sandbox, which the user there may build.</summary>
public sealed class SandboxedSshContractTests : SshContract
{
    private protected override SshRunner Create(SshServer server) => new(server.Options());
}

/// <summary>As plain processes of the user's, as on a host that allows no sandbox.</summary>
public sealed class PlainSshContractTests : SshContract
{
    private protected override SshRunner Create(SshServer server) => new(server.Options(), sandboxed: false);
}
