using System.Collections.Concurrent;

namespace Executor.Api.Access;

/// <summary>
/// How often each client may come: a bucket of a second's worth of requests that fills at the rate. Kept as the time at which the bucket
/// would be full again (the generic cell rate algorithm), so that a client costs one number.
/// </summary>
/// <param name="perSecond">Requests a second. Range 1 and up.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestRate(int perSecond, TimeProvider time)
{
    private const int SweepEvery = 10_000;

    private readonly ConcurrentDictionary<string, long> _fullAt = [];
    private readonly long _cost = long.Max(1, time.TimestampFrequency / perSecond);
    private int _calls;

    /// <summary>Counts a request.</summary>
    /// <returns>Null: it may go on; else how long to wait before the next one may.</returns>
    public TimeSpan? Take(string client)
    {
        long now = time.GetTimestamp();
        if (Interlocked.Increment(ref _calls) % SweepEvery == 0)
        {
            Sweep(now);
        }

        while (true)
        {
            bool isKnown = _fullAt.TryGetValue(client, out long fullAt);
            long next = long.Max(fullAt, now) + _cost;
            long wait = next - now - time.TimestampFrequency;
            // A cost that does not divide the second is rounded down, so that a whole second's worth always fits.
            if (wait > 0)
            {
                return time.GetElapsedTime(0, wait);
            }

            if (isKnown ? _fullAt.TryUpdate(client, next, fullAt) : _fullAt.TryAdd(client, next))
            {
                return null;
            }
        }
    }

    /// <summary>Forgets the clients whose buckets are full, so that a crowd of them is not kept for ever.</summary>
    private void Sweep(long now)
    {
        foreach (KeyValuePair<string, long> client in _fullAt)
        {
            if (client.Value <= now)
            {
                _fullAt.TryRemove(client);
            }
        }
    }
}
