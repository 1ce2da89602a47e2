using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Executor.Api.Requests;

/// <summary>Ends what only waits for something to happen when the client has gone or the server stops.</summary>
internal sealed class WaitingScope : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationToken _stopping;

    public WaitingScope(HttpContext context)
    {
        _stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        _source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What a wait gives; null when the server stops first.</summary>
    public async Task<T?> UntilStopAsync<T>(Func<CancellationToken, Task<T?>> wait)
        where T : class
    {
        try
        {
            return await wait(Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _source.Dispose();
}
