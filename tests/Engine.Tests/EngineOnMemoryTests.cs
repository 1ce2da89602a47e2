using Executor.Storage;

namespace Executor.Engine;

/// <summary>The engine over a store in memory, which outlives it.</summary>
public sealed class EngineOnMemoryTests : ExecutionServiceContract
{
    private InMemoryTaskStore? _store;
    private EngineHost? _host;

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _store!.DisposeAsync();
    }

    protected override async Task<TestedService> StartAsync(TimeProvider time, EngineOptions options)
    {
        _store ??= new InMemoryTaskStore(time);
        _host = await EngineHost.StartAsync(_store, options, time);
        return TestedService.Of(_host.Engine);
    }

    protected override async Task StopAsync() => await _host!.DisposeAsync();
}
