using Executor.Storage;

namespace Executor.Hosting.Serving;

/// <summary>Looks again and again whether another server has taken the database over, which nothing else tells a server that writes nothing.</summary>
internal sealed class ClaimWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _loop;

    private ClaimWatch(WriterClaim claim) => _loop = Task.Run(() => RunAsync(claim));

    /// <summary>Begins to look.</summary>
    public static ClaimWatch Start(WriterClaim claim) => new(claim);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(WriterClaim claim)
    {
        using PeriodicTimer timer = new(Period);
        while (!claim.Lost.IsCancellationRequested && await timer.WaitForNextTickAsync(_stopping.Token))
        {
            try
            {
                await claim.CheckAsync(_stopping.Token);
            }
            catch (StorageException)
            {
                // The database is away: whoever takes it over needs it, too.
            }
        }
    }
}
