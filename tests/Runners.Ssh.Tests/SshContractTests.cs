using Executor.Runners.ContractTests;
using Executor.Runners.Ssh.Options;
using Executor.Tasks;

namespace Executor.Runners.Ssh.Tests;

/// <summary>A host for a whole class of tests: what one of them left would be there when all have ended.</summary>
public sealed class ContractHost : IAsyncLifetime
{
    private readonly Dictionary<bool, SshRunner> _runners = [];
    private SshServer? _server;

    public async ValueTask InitializeAsync()
    {
        if (SshServer.WhyNot is null)
        {
            _server = await SshServer.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null)
        {
            return;
        }

        foreach (SshRunner runner in _runners.Values)
        {
            await runner.DisposeAsync();
        }

        Assert.Empty(HostProcesses.Of(_server.Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_server.Options().WorkDir!));
        await _server.DisposeAsync();
    }

    /// <summary>How to log in to it.</summary>
    internal SshCodeExecutorOptions Options => _server!.Options();

    /// <summary>Skips the test that asks where there is no sshd.</summary>
    internal SshRunner Runner(bool sandboxed)
    {
        Requirement.Check(SshServer.WhyNot);
        return _runners.TryGetValue(sandboxed, out SshRunner? runner) ? runner : _runners[sandboxed] = new SshRunner(_server!.Options(), sandboxed: sandboxed);
    }
}

/// <summary>The runner contract over SSH, to a real sshd.</summary>
public abstract class SshContract(ContractHost host, bool sandboxed) : RunnerContract, IClassFixture<ContractHost>
{
    protected override Task<TaskResult> RunAsync(TaskSpec task, OutputReceiver? live = null, Stream? input = null, CancellationToken cancellationToken = default) =>
        host.Runner(sandboxed).RunAsync(task, live, input, cancellationToken);

    protected override IEnumerable<string> HostCommandLines() => HostProcesses.All().Select(HostProcesses.CommandLine);
}

/// <summary>In the sandbox, which the user there may build.</summary>
public sealed class SandboxedSshContractTests(ContractHost host) : SshContract(host, sandboxed: true)
{
    [Fact]
    public async Task Task_sees_no_file_of_the_host()
    {
        TaskResult result = await RunAsync(Python("import os; print(os.getcwd(), os.path.exists('/etc/shadow'), os.getuid())"));

        Assert.Equal("/work False 1000\n", result.Stdout);
    }
}

/// <summary>As plain processes of the user's, as on a host that allows no sandbox.</summary>
public sealed class PlainSshContractTests(ContractHost host) : SshContract(host, sandboxed: false)
{
    [Fact]
    public async Task Task_has_folders_of_its_own_that_go_with_it()
    {
        TaskResult result = await RunAsync(Python("import os, tempfile\nopen(tempfile.mkstemp()[1], 'w').write('x')\nos.mkdir('locked', 0o500)\nprint(os.getcwd(), tempfile.gettempdir(), os.environ['HOME'])"));

        Completed(result);
        string[] folders = result.Stdout.Split();
        Assert.Contains("/executor-ssh-", folders[0], StringComparison.Ordinal);
        Assert.EndsWith("/work", folders[0], StringComparison.Ordinal);
        Assert.Equal(folders[1], folders[2]);
        Assert.False(Directory.Exists(folders[0]) && Directory.EnumerateFileSystemEntries(folders[0]).Any());
        Assert.False(Directory.Exists(folders[1]) && Directory.EnumerateFileSystemEntries(folders[1]).Any());
    }

    [Fact]
    public async Task Node_runs_without_a_sandbox_too()
    {
        TaskResult result = await RunAsync(new TaskSpec { Language = "node", Code = "console.log(process.argv.length, require('fs').readdirSync('.').join(), __filename.endsWith('main.js'))" });

        Assert.True(result.Success || result.Error?.Type == TaskErrorTypes.RuntimeUnavailable, $"{result.Error} {result.Stderr}");
        Assert.True(!result.Success || result.Stdout == "2 main.js true\n", result.Stdout);
    }
}
