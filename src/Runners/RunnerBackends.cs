using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>The backends that a host has. What isn't registered is a clear error at submit, never a silent swap.</summary>
public sealed class RunnerBackends : IAsyncDisposable
{
    private readonly Dictionary<(RunnerKind Kind, bool Sandboxed), Lazy<IRunnerBackend>> _backends = [];

    /// <summary>The kinds of runner there are.</summary>
    public IReadOnlyCollection<RunnerKind> Kinds => [.. _backends.Keys.Select(key => key.Kind).Distinct().Order()];

    /// <summary>Adds a backend; owned from here on. There may be one for tasks in a sandbox and another one for those without.</summary>
    public RunnerBackends Add(IRunnerBackend backend, bool sandboxed = true)
    {
        _backends.Add((backend.Kind, sandboxed), new Lazy<IRunnerBackend>(backend));
        return this;
    }

    /// <summary>Adds a backend that is only made when the first task asks for it; owned from then on.</summary>
    public RunnerBackends Add(RunnerKind kind, Func<IRunnerBackend> create)
    {
        _backends.Add((kind, true), new Lazy<IRunnerBackend>(create));
        return this;
    }

    /// <summary>The backend for a task.</summary>
    /// <exception cref="RunnerException">This host has none; the message names those it has.</exception>
    public IRunnerBackend For(RunnerKind kind, bool sandboxed)
    {
        if (_backends.TryGetValue((kind, sandboxed), out Lazy<IRunnerBackend>? own))
        {
            return own.Value;
        }

        if (!sandboxed && _backends.TryGetValue((kind, true), out Lazy<IRunnerBackend>? both) && both.Value.Capabilities.ServesUnsandboxed)
        {
            return both.Value;
        }

        string known = string.Join(", ", _backends.Keys.Select(key => key.Kind.WireName).Distinct().Order(StringComparer.Ordinal));
        throw new RunnerException(
            TaskErrorTypes.RunnerFailed,
            $"There is no {kind.WireName} runner here{(sandboxed ? "" : " without a sandbox")}; this host has: {known}.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<IRunnerBackend> backend in _backends.Values.Where(backend => backend.IsValueCreated))
        {
            await backend.Value.DisposeAsync();
        }
    }
}
