namespace Executor.Silo;

/// <summary>Waits for what other processes do, who give no signal.</summary>
internal static class Poll
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    /// <summary>How long it waits unless told.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    /// <summary>Waits until something is so.</summary>
    /// <param name="what">What, for the message when it does not become so.</param>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="within">How long it may take; null: <see cref="TimeLimit"/>.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan? within = null)
    {
        using CancellationTokenSource timeLimit = new(within ?? TimeLimit);
        using PeriodicTimer timer = new(Period);
        try
        {
            while (!await isSo())
            {
                await timer.WaitForNextTickAsync(timeLimit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It took more than {(within ?? TimeLimit).TotalSeconds:0} s until {what}.");
        }
    }
}
