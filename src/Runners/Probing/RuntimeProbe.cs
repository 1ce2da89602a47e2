using System.Collections.Concurrent;
using Executor.Runtimes;

namespace Executor.Runners.Probing;

/// <summary>
/// Finds runtimes on this machine: the interpreter that a user's shell would start, seen through the shims of version managers
/// (pyenv, rustup, nvm, …) to the real program and the folders it reads. What was found is kept; what was not is looked for again
/// the next time. A plain binary is recognised by looking; only a shim costs a process.
/// </summary>
public sealed class RuntimeProbe
{
    private readonly ProbeContext _context;
    private readonly ConcurrentDictionary<string, Lazy<Task<ProbeResult>>> _results = new();
    private readonly ConcurrentDictionary<string, Task<string?>> _versions = new();

    /// <param name="environment">Whose PATH is searched and which version managers read, but for a home that any user can write. Default: this process's.</param>
    /// <param name="folder">The folder a version manager chooses by. Default: the current one, unless any user can write it or one above it.</param>
    public RuntimeProbe(IReadOnlyDictionary<string, string>? environment = null, string? folder = null) =>
        _context = new ProbeContext(ToolPlaces.In(environment ?? ProbeContext.OwnEnvironment()), folder ?? ToolPlaces.ToChooseBy(Environment.CurrentDirectory));

    /// <summary>The one of this process.</summary>
    public static RuntimeProbe Shared => field ??= new RuntimeProbe();

    /// <summary>Finds a runtime. Never throws for what is or isn't there: see <see cref="ProbeResult.Problem"/>.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="interpreter">The interpreter to use in place of the runtime's own (<c>code_executor_path</c>): a path, or a name looked for on PATH.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<ProbeResult> FindAsync(RuntimeDefinition runtime, string? interpreter, CancellationToken cancellationToken)
    {
        string key = string.Join('\n', [runtime.Name, runtime.Family, interpreter ?? "", .. runtime.Interpreter, "", .. runtime.ReadOnlyPaths]);
        Lazy<Task<ProbeResult>> finding = _results.GetOrAdd(key, _ => new Lazy<Task<ProbeResult>>(() => SearchAsync(key, runtime, interpreter)));
        Task<ProbeResult> found = finding.Value;
        return found.IsCompleted ? found : found.WaitAsync(cancellationToken);
    }

    /// <summary>Finds a runtime and asks it for its version, which costs a process.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<ProbeResult> FindWithVersionAsync(RuntimeDefinition runtime, string? interpreter, CancellationToken cancellationToken)
    {
        ProbeResult result = await FindAsync(runtime, interpreter, cancellationToken);
        if (!result.Found)
        {
            return result;
        }

        string key = string.Join('\n', [result.Path, .. runtime.VersionArgs]);
        string? version = await _versions.GetOrAdd(key, _ => VersionAsync(result.Path, runtime)).WaitAsync(cancellationToken);
        return result with { Version = version };
    }

    private async Task<ProbeResult> SearchAsync(string key, RuntimeDefinition runtime, string? interpreter)
    {
        IReadOnlyList<string> names = interpreter is null ? runtime.Interpreter : [interpreter];
        string? problem = null;
        foreach (string candidate in _context.Candidates(names))
        {
            (Installation? installation, string? refusal) = await InstallationReader.ReadAsync(candidate, runtime.Family, _context);
            if (installation is not null)
            {
                return new ProbeResult
                {
                    Runtime = runtime,
                    Path = installation.Path,
                    ReadOnlyPaths = SystemFolders.Outside([.. installation.Folders, .. runtime.ReadOnlyPaths.Where(Path.Exists)]),
                };
            }

            problem ??= refusal;
        }

        _results.TryRemove(key, out _);
        return new ProbeResult { Runtime = runtime, Problem = problem ?? _context.DescribeMissing(names) };
    }

    private async Task<string?> VersionAsync(string path, RuntimeDefinition runtime)
    {
        ProbeCommand said = await ProbeCommand.RunAsync(path, runtime.VersionArgs, _context);
        return said.ExitCode == 0 ? VersionText.Find(said.Output) ?? VersionText.Find(said.Error) : null;
    }
}
