using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Agent;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Local.Sandbox;

/// <summary>
/// This machine, isolated: every task runs below an agent that builds its sandbox (<c>docs/sandbox.md</c>). Python scripts are
/// forked from a warm interpreter, Node scripts meet one started ahead, everything else is executed in the same sandbox.
/// </summary>
public sealed class SandboxBackend : IRunnerBackend
{
    private readonly SandboxOptions _options;
    private readonly AgentPool _agents;

    /// <param name="options">What every sandbox of this backend shares.</param>
    public SandboxBackend(SandboxOptions options)
    {
        _options = options;
        _agents = new AgentPool(StartAsync, options.AgentsMax);
    }

    /// <inheritdoc/>
    public RunnerKind Kind => RunnerKind.Localhost;

    /// <inheritdoc/>
    public RunnerCapabilities Capabilities { get; } = new();

    /// <inheritdoc/>
    public Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new RunnerException(
                TaskErrorTypes.SandboxUnavailable,
                "The local sandbox needs Linux. Run the task in Docker, over SSH, or with use_sandbox: false if you trust it.");
        }

        bool forksPython = request is { Warm: WarmKind.ForkPython, Interpreter: not null };
        bool startsNode = request is { Warm: WarmKind.PrestartNode, Interpreter: not null };
        IEnumerable<string> paths = _options.ReadOnlyPaths.Concat(request.ReadOnlyPaths).Distinct();
        var key = new AgentKey(
            forksPython ? request.Interpreter! : HostPython(),
            startsNode ? request.Interpreter : null,
            forksPython ? AgentEnvironment.StartVariables(request.Env, "PYTHON") : startsNode ? AgentEnvironment.StartVariables(request.Env, "NODE_") : "",
            request.Limits.Network,
            string.Join(':', paths),
            forksPython ? request.Environment : null,
            startsNode ? string.Join(' ', request.WarmOptions ?? []) : "");
        return _agents.OpenAsync(key, request.Limits.DiskMb, cancellationToken);
    }

    /// <summary>Builds a sandbox and throws it away.</summary>
    /// <exception cref="RunnerException">It can't be built here; the message says why and what to do.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using IWorkspace workspace = await OpenAsync(
            new WorkspaceRequest(LimitResolver.Resolve(null), null, WarmKind.None, BaseEnvironment.Variables, []),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _agents.DisposeAsync();

    private string HostPython()
    {
        string? found = _options.Python;
        found ??= File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : null;
        found ??= (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, "python3"))
            .FirstOrDefault(File.Exists);
        return found ?? throw new RunnerException(
            TaskErrorTypes.SandboxUnavailable,
            "The sandbox needs Python 3.8 or newer on this machine: apt-get install -y python3 (or set sandbox.python to its path).");
    }

    private ValueTask<(AgentTransport, AgentOptions)> StartAsync(AgentKey key, CancellationToken cancellationToken)
    {
        var options = new AgentOptions
        {
            Network = key.Network,
            DiskMb = TaskLimits.Default.DiskMb!.Value,
            ReadOnlyPaths = key.ReadOnlyPaths.Split(':', StringSplitOptions.RemoveEmptyEntries),
            Preload = key.Prestart is null ? _options.Preload : [],
            Environment = key.Environment,
            Prestart = key.PrestartCommand,
            PrestartEnv = AgentEnvironment.Of(key),
            ExtraFiles = key.Prestart is null ? new Dictionary<string, string>() : NodePrestart.Files,
        };
        try
        {
            return new((new LocalAgentTransport(key.Python, AgentEnvironment.OfAgent(key), withPackages: key.Environment is null), options));
        }
        catch (Exception failed) when (failed is System.ComponentModel.Win32Exception or IOException)
        {
            throw new RunnerException(TaskErrorTypes.SandboxUnavailable, $"The sandbox's Python {key.Python} can't be started: {failed.Message}", failed);
        }
    }
}
