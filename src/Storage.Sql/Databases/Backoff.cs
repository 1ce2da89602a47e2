namespace Executor.Storage.Sql.Databases;

/// <summary>The waits between tries: short at first, then doubled, up to two seconds.</summary>
/// <remarks>No policy of Polly: of the writes that are tried together each has a time limit of its own, and those that pass it leave the others.</remarks>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long _start = time.GetTimestamp();

    /// <summary>Tries that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Since the first try began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Waits before the next try.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = First * double.Pow(2, int.Min(Failures++, 10));
        await Task.Delay(wait < Longest ? wait : Longest, time, cancellationToken);
    }
}
