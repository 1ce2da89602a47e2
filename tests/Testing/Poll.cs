namespace Executor.Testing;

/// <summary>Waits for what gives no signal: other processes, the kernel, answers of a server.</summary>
public static class Poll
{
    /// <summary>How long it waits unless told.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);

    // What takes long need not be looked at so often: a look may cost a connection, and those who are waited for need the processor.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until something is so, and fails the test when it does not become so.</summary>
    /// <param name="what">What, for the message.</param>
    /// <param name="isSo">Whether it is.</param>
    /// <param name="within">How long it may take; null: <see cref="TimeLimit"/>.</param>
    /// <param name="instead">Asked when it did not become so: how things are, for the message.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan? within = null, Func<Task<string>>? instead = null)
    {
        TimeSpan limit = within ?? TimeLimit;
        using CancellationTokenSource timeLimit = new(limit);
        TimeSpan pause = First;
        try
        {
            while (!await isSo().WaitAsync(timeLimit.Token))
            {
                await Task.Delay(pause, timeLimit.Token);
                pause = Next(pause);
            }
        }
        catch (OperationCanceledException) when (timeLimit.IsCancellationRequested)
        {
            Assert.Fail($"It took more than {limit.TotalSeconds:0} s until {what}.{(instead is null ? "" : " " + await instead())}");
        }
    }

    /// <summary>Waits until nothing is wrong any more, and fails the test with what is wrong in the end.</summary>
    /// <param name="whatIsWrong">What is wrong now; null: nothing.</param>
    /// <param name="within">How long it may take; null: <see cref="TimeLimit"/>.</param>
    public static async Task UntilRightAsync(Func<Task<string?>> whatIsWrong, TimeSpan? within = null)
    {
        TimeSpan limit = within ?? TimeLimit;
        long began = TimeProvider.System.GetTimestamp();
        TimeSpan pause = First;
        while (await whatIsWrong().WaitAsync(limit) is string wrong)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < limit, $"After {limit.TotalSeconds:0} s: {wrong}");
            await Task.Delay(pause);
            pause = Next(pause);
        }
    }

    /// <inheritdoc cref="UntilAsync(string, Func{Task{bool}}, TimeSpan?, Func{Task{string}})"/>
    public static Task UntilAsync(string what, Func<bool> isSo, TimeSpan? within = null) => UntilAsync(what, () => Task.FromResult(isSo()), within);

    private static TimeSpan Next(TimeSpan pause) => pause * 1.25 < Longest ? pause * 1.25 : Longest;
}
