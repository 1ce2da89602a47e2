using Executor.Executors;
using Executor.Runners.ContractTests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Runners.Ssh.Tests;

/// <summary>A host for a whole class of tests of sessions: what one of them left would be there when all have ended.</summary>
public sealed class SessionHost : IAsyncLifetime
{
    private SshServer? _server;

    public RunnerBackends Backends { get; } = new();

    /// <summary>Skips the test that asks where there is no sshd.</summary>
    public CodeExecutorOptions CodeExecutor
    {
        get
        {
            Requirement.Check(SshServer.WhyNot);
            return _server!.Options();
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (SshServer.WhyNot is null)
        {
            _server = await SshServer.StartAsync();
        }

        Backends.Add(new SshBackend(new SandboxOptions(), NullLogger<SshBackend>.Instance, TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await Backends.DisposeAsync();
        if (_server is not null)
        {
            Assert.Empty(HostProcesses.Of(_server.Folder));
            Assert.Empty(Directory.EnumerateFileSystemEntries(_server.Options().WorkDir!));
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The contract of sessions over SSH, to a real sshd.</summary>
public abstract class SshSessions(SessionHost host) : SessionContract, IClassFixture<SessionHost>
{
    protected override RunnerBackends Backends => host.Backends;

    protected override CodeExecutorOptions CodeExecutor => host.CodeExecutor;

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.All().Select(HostProcesses.CommandLine);
}

/// <summary>In the sandbox, which the user there may build.</summary>
public sealed class SandboxedSshSessionTests(SessionHost host) : SshSessions(host);

/// <summary>As plain processes of the user's, as on a host that allows no sandbox.</summary>
public sealed class PlainSshSessionTests(SessionHost host) : SshSessions(host)
{
    protected override bool Sandboxed => false;
}
