using Executor.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Executor.Engine;

/// <summary>A started engine.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    public required ExecutionEngine Engine { get; init; }

    public static async Task<EngineHost> StartAsync(ITaskStore store, EngineOptions options, TimeProvider time)
    {
        ExecutionEngine engine = new(store, options, time, NullLogger.Instance);
        await engine.StartAsync(CancellationToken.None);
        return new EngineHost { Engine = engine };
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
