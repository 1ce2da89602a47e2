namespace Executor.Silo;

/// <summary>Waits for what other processes do, who give no signal.</summary>
internal static class Poll
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until something is so.</summary>
    /// <param name="what">What, for the message when it does not become so.</param>
    /// <param name="isSo">Whether it is.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        using CancellationTokenSource patience = new(Patience);
        using PeriodicTimer timer = new(Period);
        try
        {
            while (!await isSo())
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It took more than {Patience.TotalSeconds:0} s until {what}.");
        }
    }
}
