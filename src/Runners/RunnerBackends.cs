using Executor.Runners.Workspaces;
using Executor.Tasks;

namespace Executor.Runners;

/// <summary>The backends that a host has. What isn't registered is a clear error at submit, never a silent swap.</summary>
public sealed class RunnerBackends : IAsyncDisposable
{
    private readonly Dictionary<(RunnerKind Kind, bool Sandboxed), Lazy<IRunnerBackend>> _backends = [];

    /// <summary>The kinds of runner there are.</summary>
    public IReadOnlyCollection<RunnerKind> Kinds => [.. _backends.Keys.Select(key => key.Kind).Distinct().Order()];

    /// <summary>Adds a backend; owned from here on. On this machine there is one with and one without a sandbox; elsewhere one serves both.</summary>
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
        // A container or another host is its own isolation: only this machine tells the two apart.
        if (_backends.TryGetValue((kind, kind != RunnerKind.Localhost || sandboxed), out Lazy<IRunnerBackend>? backend))
        {
            return backend.Value;
        }

        string known = string.Join(", ", _backends.Keys.Select(key => Name(key.Kind)).Distinct().Order(StringComparer.Ordinal));
        throw new RunnerException(
            TaskErrorTypes.RunnerFailed,
            $"There is no {Name(kind)} runner here{(sandboxed ? "" : " without a sandbox")}; this host has: {known}.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<IRunnerBackend> backend in _backends.Values.Where(backend => backend.IsValueCreated))
        {
            await backend.Value.DisposeAsync();
        }
    }

    private static string Name(RunnerKind kind) => kind switch
    {
        RunnerKind.Localhost => "localhost",
        RunnerKind.Docker => "docker",
        _ => "ssh",
    };
}
