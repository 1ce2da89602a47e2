using System.Collections.Concurrent;
using System.Text.Json;
using Executor.Configuration;
using Executor.Limits;
using Executor.Runners.Agent;
using Executor.Runners.Ssh.Agents;
using Executor.Runners.Ssh.Connection;
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
    private readonly AgentPool _agents;

    public SshHost(SshCodeExecutorOptions options, SandboxOptions sandbox, Action<string> warn, TimeProvider time)
    {
        (_options, _sandbox) = (options, sandbox);
        _places = new SemaphoreSlim(options.MaxTasks);
        Connections = new SshConnections(options, warn, time);
        _agents = new AgentPool(StartAsync, options.MaxTasks, options.MaxTasks);
    }

    public SshConnections Connections { get; }

    /// <summary>A workspace there, when one of the host's places is free.</summary>
    public async Task<IWorkspace> OpenAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return new SlotWorkspace(await _agents.OpenAsync(KeyOf(request), request.Limits.DiskMb, cancellationToken), () => _places.Release());
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

    public async ValueTask DisposeAsync()
    {
        await _agents.DisposeAsync();
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
            string.Join(':', request.ReadOnlyPaths));
    }

    private async ValueTask<(AgentTransport, AgentOptions)> StartAsync(AgentKey key, CancellationToken cancellationToken)
    {
        bool startsNode = key.Prestart is not null;
        var options = new AgentOptions
        {
            Network = key.Network,
            DiskMb = TaskLimits.Default.DiskMb!.Value,
            ReadOnlyPaths = key.ReadOnlyPaths.Split(':', StringSplitOptions.RemoveEmptyEntries),
            Preload = startsNode ? [] : _sandbox.Preload,
            Prestart = startsNode ? [key.Prestart!, NodePrestart.Path] : null,
            PrestartEnv = AgentEnvironment.Of(key),
            ExtraFiles = startsNode ? NodePrestart.Files : new Dictionary<string, string>(),
        };
        string python = key.Python.Length > 0 ? key.Python : (await Connections.AnyAsync(cancellationToken)).Folder.Python;
        return (await SshAgentTransport.StartAsync(Connections, python, startsNode ? BaseEnvironment.Variables : AgentEnvironment.Of(key), cancellationToken), options);
    }
}
