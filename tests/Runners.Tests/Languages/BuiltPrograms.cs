using System.Collections.Concurrent;
using Executor.Executors;
using Executor.Runners.Local.Sandbox;

namespace Executor.Runners.Languages;

/// <summary>Each language's programs, built when they are first asked for.</summary>
public sealed class BuiltPrograms : IDisposable
{
    private readonly SandboxBackend _sandbox = new(new SandboxOptions());
    private readonly ConcurrentDictionary<string, Lazy<Task<BuiltProgram>>> _built = new();

    internal Task<BuiltProgram> OfAsync(string language) =>
        _built.GetOrAdd(language, name => new Lazy<Task<BuiltProgram>>(() => BuiltProgram.BuildAsync(_sandbox, name))).Value;

    public void Dispose() => DisposeAsync().GetAwaiter().GetResult();

    private async Task DisposeAsync()
    {
        foreach (Lazy<Task<BuiltProgram>> built in _built.Values.Where(built => built.Value.IsCompletedSuccessfully))
        {
            await (await built.Value).DisposeAsync();
        }

        await _sandbox.DisposeAsync();
    }
}
