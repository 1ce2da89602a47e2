using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Runners.Probing;
using Executor.Runners.Ssh.Connection;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Ssh.Remote;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;
using Microsoft.Extensions.Logging;

namespace Executor.Runners.Ssh;

/// <summary>
/// Hosts reached over SSH: each code executor of <c>code_executors.ssh</c> is one. The agent that runs tasks on this machine runs
/// them there (<c>docs/ssh.md</c>), behind a channel each of one connection.
/// </summary>
internal sealed partial class SshBackend : IRunnerBackend, IInterpreterFinder
{
    private readonly SandboxOptions _sandbox;
    private readonly ILogger<SshBackend> _log;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<SshCodeExecutorOptions, Lazy<SshHost>> _hosts = new();

    /// <param name="sandbox">What is warm in an interpreter (<see cref="SandboxOptions.Preload"/>); the rest of it is about this machine.</param>
    /// <param name="log">Told what is worth knowing but keeps no task from running.</param>
    /// <param name="time">The clock.</param>
    public SshBackend(SandboxOptions sandbox, ILogger<SshBackend> log, TimeProvider time) => (_sandbox, _log, _time) = (sandbox, log, time);

    /// <summary>What another host can do.</summary>
    public static RunnerCapabilities Able { get; } = new() { IsElsewhere = true, ServesUnsandboxed = true };

    /// <inheritdoc/>
    public RunnerKind Kind => RunnerKind.Ssh;

    /// <inheritdoc/>
    public RunnerCapabilities Capabilities => Able;

    /// <inheritdoc/>
    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken) =>
        HostOf(request.CodeExecutor).OpenAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<ProbeResult> FindAsync(RuntimeDefinition runtime, string? interpreter, CodeExecutorOptions executor, CancellationToken cancellationToken) =>
        HostOf(executor).FindAsync(runtime, interpreter, cancellationToken);

    /// <summary>Connects, starts an agent and throws it away.</summary>
    /// <exception cref="RunnerException">Tasks can't run there; the message says which setting to look at.</exception>
    public Task<SshHostReport> CheckAsync(SshCodeExecutorOptions executor, CancellationToken cancellationToken) =>
        HostOf(executor).CheckAsync(cancellationToken);

    /// <summary>Ends everything on every host; returns when nothing of ours is left there.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_hosts.Values.Where(host => host.IsValueCreated).Select(host => host.Value.DisposeAsync().AsTask()));

    /// <summary>Starts a Python of the host's, for one of <see cref="Remote.RemoteSource"/>'s programs.</summary>
    internal Task<(SshConnection Connection, RemoteCommand Command)> StartPythonAsync(SshCodeExecutorOptions executor, CancellationToken cancellationToken) =>
        HostOf(executor).Connections.StartAsync(_ => RemoteSource.CommandLine(HostFolder.Pythons(executor)), cancellationToken);

    private SshHost HostOf(CodeExecutorOptions? executor) => executor is SshCodeExecutorOptions options
        ? _hosts.GetOrAdd(options, _ => new Lazy<SshHost>(() => new SshHost(options, _sandbox, LogWarning, _time))).Value
        : throw new ArgumentException("Tasks over SSH need a code executor of that kind.", nameof(executor));

    [LoggerMessage(EventId = 701, Level = LogLevel.Warning, Message = "[701] SSH: {Warning}")]
    private partial void LogWarning(string warning);
}
