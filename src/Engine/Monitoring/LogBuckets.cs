using System.Numerics;

namespace Executor.Engine.Monitoring;

/// <summary>
/// Numbers by size: small ones each have a bucket of their own, and each doubling after that is cut into 32 of equal width, so that the
/// middle of a bucket is within 1.6 % of every number in it.
/// </summary>
internal static class LogBuckets
{
    private const int PartsLog = 5;
    private const int Parts = 1 << PartsLog;
    private const int ExactLog = PartsLog + 1;
    private const int Exact = 1 << ExactLog;
    private const int LargestLog = 45;

    /// <summary>How many buckets there are.</summary>
    public const int Count = Exact + ((LargestLog - ExactLog + 1) * Parts);

    /// <summary>The largest number that is told from larger ones.</summary>
    public const long Largest = (1L << (LargestLog + 1)) - 1;

    /// <summary>The bucket of a number; those below 0 are taken for 0, those over <see cref="Largest"/> for that.</summary>
    public static int IndexOf(long value)
    {
        value = long.Clamp(value, 0, Largest);
        if (value < Exact)
        {
            return (int)value;
        }

        int log = BitOperations.Log2((ulong)value);
        int part = (int)(value >> (log - PartsLog)) & (Parts - 1);
        return Exact + ((log - ExactLog) * Parts) + part;
    }

    /// <summary>The number in the middle of a bucket.</summary>
    public static long MiddleOf(int index)
    {
        if (index < Exact)
        {
            return index;
        }

        int log = ((index - Exact) / Parts) + ExactLog;
        long part = (index - Exact) % Parts;
        int widthLog = log - PartsLog;
        return ((Parts + part) << widthLog) + (1L << (widthLog - 1));
    }
}
