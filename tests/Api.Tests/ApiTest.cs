using Executor.Configuration;

namespace Executor.Api;

/// <summary>Tests of the API as it is without any options.</summary>
public abstract class ApiTest : IAsyncLifetime
{
    private protected ApiHost Api { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Api = await ApiHost.StartAsync(Options);

    public async ValueTask DisposeAsync() => await Api.DisposeAsync();

    /// <summary>Small limits, so that they can be gone over.</summary>
    private protected virtual ApiOptions Options { get; } = new() { Server = new ServerOptions { MaxBodyMb = 1 } };
}
