namespace Executor.Testing;

/// <summary>Waits for what gives no signal: other processes, the kernel, answers of a server.</summary>
public static class Poll
{
    /// <summary>How long it waits unless told.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something is so, and fails the test when it does not become so.</summary>
    /// <param name="what">What, for the message.</param>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="within">How long it may take; null: <see cref="TimeLimit"/>.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan? within = null)
    {
        TimeSpan limit = within ?? TimeLimit;
        using CancellationTokenSource timeLimit = new(limit);
        using PeriodicTimer timer = new(Period);
        try
        {
            while (!await isSo().WaitAsync(timeLimit.Token))
            {
                await timer.WaitForNextTickAsync(timeLimit.Token);
            }
        }
        catch (OperationCanceledException) when (timeLimit.IsCancellationRequested)
        {
            Assert.Fail($"It took more than {limit.TotalSeconds:0} s until {what}.");
        }
    }

    /// <summary>Waits until there is nothing of some kind any more; what there still is, is told.</summary>
    /// <param name="what">What is so of them, for the message.</param>
    /// <param name="left">All that there are.</param>
    /// <param name="within">How long it may take.</param>
    public static async Task UntilNoneAsync(string what, Func<IEnumerable<string>> left, TimeSpan within)
    {
        long began = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Period);
        string[] last;
        while ((last = [.. left()]).Length > 0 && TimeProvider.System.GetElapsedTime(began) < within)
        {
            await timer.WaitForNextTickAsync();
        }

        Assert.True(last.Length == 0, $"This {what}: {string.Join(", ", last)}");
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, TimeSpan?)"/>
    public static Task UntilAsync(string what, Func<bool> isSo, TimeSpan? within = null) => UntilAsync(what, () => Task.FromResult(isSo()), within);
}
