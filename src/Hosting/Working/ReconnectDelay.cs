namespace Executor.Hosting.Working;

/// <summary>The waits between tries to connect: doubled from half a second up to 30 s, and spread so that many workers don't come back at once.</summary>
internal sealed class ReconnectDelay(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _tries;

    /// <summary>The wait before the next try: between half of its length and the whole.</summary>
    public TimeSpan Next()
    {
        TimeSpan whole = First * double.Pow(2, int.Min(_tries++, 10));
        return (whole < Longest ? whole : Longest) * (0.5 + (random.NextDouble() / 2));
    }

    /// <summary>Begins anew: the server was there.</summary>
    public void Reset() => _tries = 0;
}
