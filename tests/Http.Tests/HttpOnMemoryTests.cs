using Executor.Engine;
using Executor.Storage;

namespace Executor.Http;

/// <summary>A server passes over HTTP what its engine passes within the process. Its store outlives it.</summary>
public sealed class HttpOnMemoryTests : ExecutionServiceContract
{
    private InMemoryTaskStore? _store;
    private ServedEngine? _served;

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _store!.DisposeAsync();
    }

    protected override async Task<TestedService> StartAsync(TimeProvider time, EngineOptions options)
    {
        _store ??= new InMemoryTaskStore(time);
        _served = await ServedEngine.StartAsync(_store, options, time);
        return new TestedService(_served.Http.Tasks, _served.Http.Executors, _served.Engine);
    }

    protected override async Task StopAsync() => await _served!.DisposeAsync();
}
