using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Executors;
using Executor.Limits;
using Executor.Runners.Agent;
using Executor.Runners.Probing;
using Executor.Runners.Ssh.Agents;
using Executor.Runners.Ssh.Connection;
using Executor.Runners.Ssh.Options;
using Executor.Runners.Workspaces;
using Executor.Runtimes;
using Executor.Tasks;

namespace Executor.Runners.Ssh;

/// <summary>One code executor: a host, the connections to it, and the agents there.</summary>
internal sealed class SshHost : IAsyncDisposable
{
    private readonly SshCodeExecutorOptions _options;
    private readonly SandboxOptions _sandbox;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<string, ProbeResult> _found = new();
    private readonly Action<string> _warn;
    private readonly AgentPool _sandboxes;
    private readonly AgentPool _folders;
    private volatile string? _noSandbox;

    public SshHost(SshCodeExecutorOptions options, SandboxOptions sandbox, Action<string> warn, TimeProvider time)
    {
        (_options, _sandbox, _warn) = (options, sandbox, warn);
        _places = new SemaphoreSlim(options.MaxTasks);
        Connections = new SshConnections(options, warn, time);
        _sandboxes = new AgentPool((key, token) => StartAsync(key, sandboxed: true, token), options.MaxTasks, options.MaxTasks);
        _folders = new AgentPool((key, token) => StartAsync(key, sandboxed: false, token), options.MaxTasks, options.MaxTasks);
    }

    public SshConnections Connections { get; }

    /// <summary>A workspace there, when one of the host's places is free.</summary>
    public async Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return new SlotWorkspace(await OpenInPlaceAsync(request, cancellationToken), () => _places.Release());
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Finds a runtime there. What was found is kept; what was not is looked for again the next time.</summary>
    public async Task<ProbeResult> FindAsync(RuntimeDefinition runtime, string? interpreter, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> names = interpreter is null ? runtime.Interpreter : [interpreter];
        string key = string.Join('\n', [runtime.Name, runtime.Family, .. names]);
        if (_found.TryGetValue(key, out ProbeResult? found))
        {
            return found;
        }

        SshConnection connection = await Connections.AnyAsync(cancellationToken);
        JsonElement answer;
        try
        {
            answer = await connection.Folder.FindAsync(names, runtime.Family).WaitAsync(cancellationToken);
        }
        catch (IOException lost)
        {
            throw connection.Failure ?? SshFault.Lost(_options, lost.Message);
        }

        if (answer.TryGetProperty("problem", out JsonElement problem))
        {
            string setting = interpreter is null ? "" : $" (check {SshFault.Setting(_options, "code_executor_path")})";
            return new ProbeResult { Runtime = runtime, Problem = $"on {_options.Host}, {problem.GetString()}{setting}" };
        }

        found = new ProbeResult
        {
            Runtime = runtime,
            Path = answer.GetProperty("path").GetString()!,
            ReadOnlyPaths = [.. answer.GetProperty("folders").EnumerateArray().Select(folder => folder.GetString()!)],
        };
        _found[key] = found;
        return found;
    }

    /// <summary>Looks whether tasks can run there, and how.</summary>
    public async Task<SshHostReport> CheckAsync(CancellationToken cancellationToken)
    {
        HostFolder folder = (await Connections.AnyAsync(cancellationToken)).Folder;
        var request = new WorkspaceRequest(LimitResolver.Resolve(null), null, WarmKind.None, BaseEnvironment.Variables, []);
        await using (await OpenAsync(request, cancellationToken))
        {
            return new SshHostReport(folder.Python, folder.PythonVersion, _noSandbox);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sandboxes.DisposeAsync();
        await _folders.DisposeAsync();
        await Connections.DisposeAsync();
    }

    private static AgentKey KeyOf(WorkspaceRequest request)
    {
        bool forksPython = request is { Warm: WarmKind.ForkPython, Interpreter: not null };
        bool startsNode = request is { Warm: WarmKind.PrestartNode, Interpreter: not null };
        return new AgentKey(
            forksPython ? request.Interpreter! : "",
            startsNode ? request.Interpreter : null,
            forksPython ? AgentEnvironment.StartVariables(request.Env, "PYTHON") : startsNode ? AgentEnvironment.StartVariables(request.Env, "NODE_") : "",
            request.Limits.Network,
            string.Join(':', request.ReadOnlyPaths),
            PrestartOptions: startsNode ? string.Join(' ', request.WarmOptions ?? []) : "");
    }

    /// <summary>In a sandbox where the task wants one and the host allows it; else a process of the host's, in a folder.</summary>
    private async Task<IWorkspace> OpenInPlaceAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        AgentKey key = KeyOf(request);
        if (request.Sandboxed && _noSandbox is null)
        {
            try
            {
                return await _sandboxes.OpenAsync(key, request.Limits.DiskMb, cancellationToken);
            }
            catch (RunnerException refused) when (refused.ErrorType == TaskErrorTypes.SandboxUnavailable)
            {
                if (Interlocked.Exchange(ref _noSandbox, refused.Message) is null)
                {
                    _warn($"tasks on '{_options.Name}' run as plain processes of {_options.Username}, in folders of their own. {refused.Message}");
                }
            }
        }

        return await _folders.OpenAsync(key, request.Limits.DiskMb, cancellationToken);
    }

    private async ValueTask<(AgentTransport, AgentOptions)> StartAsync(AgentKey key, bool sandboxed, CancellationToken cancellationToken)
    {
        string python = key.Python.Length > 0 ? key.Python : (await Connections.AnyAsync(cancellationToken)).Folder.Python;
        SshAgentTransport transport = await SshAgentTransport.StartAsync(
            Connections, python, AgentEnvironment.OfAgent(key), cancellationToken);
        bool startsNode = key.Prestart is not null;
        return (transport, new AgentOptions
        {
            Folder = sandboxed ? null : transport.Folder,
            Silence = SshConnection.Silence,
            Network = key.Network,
            DiskMb = TaskLimits.Default.DiskMb!.Value,
            ReadOnlyPaths = key.ReadOnlyPaths.Split(':', StringSplitOptions.RemoveEmptyEntries),
            Preload = startsNode ? [] : _sandbox.Preload,
            Prestart = key.PrestartCommand,
            PrestartEnv = AgentEnvironment.Of(key),
            ExtraFiles = startsNode ? NodePrestart.Files : new Dictionary<string, string>(),
        });
    }
}
