namespace Executor.Engine.Monitoring;

/// <summary>How often something happened in the last minute.</summary>
/// <param name="frequency">How many units of time a second has.</param>
internal sealed class RateWindow(long frequency)
{
    private const int SlotCount = 60;

    private readonly RotatingSlots<Counter> _slots = new(frequency, SlotCount);

    /// <summary>Counts one.</summary>
    public void Add(long elapsed) => _slots.At(elapsed)?.Add();

    /// <summary>The mean per second of the last minute; of all the time there was, but at least a second, when that is less.</summary>
    public double PerSecond(long elapsed)
    {
        double seconds = (double)long.Max(_slots.Covered(elapsed), frequency) / frequency;
        return _slots.Read(elapsed).Sum(slot => slot.Value) / seconds;
    }

    private sealed class Counter
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Add() => Interlocked.Increment(ref _value);
    }
}
