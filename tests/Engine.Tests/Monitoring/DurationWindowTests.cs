using Executor.Execution;

namespace Executor.Engine.Monitoring;

public sealed class DurationWindowTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private readonly DurationWindow _window = new(Second);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Fact]
    public void Window_without_durations_has_no_summary() => Assert.Null(_window.Summarize(Second));

    [Fact]
    public void One_duration_is_all_of_its_summary()
    {
        _window.Add(0, TimeSpan.FromSeconds(3));

        DurationStatistics summary = _window.Summarize(0)!;

        Assert.Equal(TimeSpan.FromSeconds(3), summary.Average);
        Assert.Equal(TimeSpan.FromSeconds(3), summary.Max);
        Assert.InRange(summary.P50.TotalSeconds, 2.95, 3);
        Assert.InRange(summary.P99.TotalSeconds, 2.95, 3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Percentiles_are_within_two_percent_of_the_exact_ones(int seed)
    {
        var random = new Random(seed);
        double spread = random.NextDouble() * 4;
        long[] ticks = [.. Enumerable.Range(0, random.Next(1, 5000))
            .Select(_ => (long)(10_000 * double.Exp(spread * ((4 * random.NextDouble()) - 1))))];
        foreach (long duration in ticks)
        {
            _window.Add(random.NextInt64(290 * Second), TimeSpan.FromTicks(duration));
        }

        DurationStatistics summary = _window.Summarize(290 * Second)!;

        Array.Sort(ticks);
        AssertNear(ticks, 0.50, summary.P50);
        AssertNear(ticks, 0.95, summary.P95);
        AssertNear(ticks, 0.99, summary.P99);
        Assert.Equal(ticks[^1], summary.Max.Ticks);
        Assert.Equal(ticks.Average(), summary.Average.Ticks, 1.0);
    }

    [Fact]
    public void Duration_is_forgotten_five_minutes_later()
    {
        _window.Add(5 * Second, TimeSpan.FromSeconds(9));
        _window.Add(200 * Second, TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(9), _window.Summarize(299 * Second)!.Max);
        Assert.Equal(TimeSpan.FromSeconds(1), _window.Summarize(310 * Second)!.Max);
        Assert.Null(_window.Summarize(510 * Second));
    }

    [Fact]
    public void Slots_are_used_again_without_what_was_in_them()
    {
        for (int round = 0; round < 3; round++)
        {
            for (int slot = 0; slot < 30; slot++)
            {
                _window.Add(((round * 300L) + (slot * 10)) * Second, TimeSpan.FromSeconds(round + 1));
            }
        }

        DurationStatistics summary = _window.Summarize(899 * Second)!;

        Assert.Equal(TimeSpan.FromSeconds(3), summary.Average);
        Assert.Equal(TimeSpan.FromSeconds(3), summary.Max);
    }

    [Fact]
    public void Duration_told_after_its_time_has_left_the_window_is_passed_over()
    {
        _window.Add(400 * Second, TimeSpan.FromSeconds(1));
        _window.Add(100 * Second, TimeSpan.FromSeconds(9));

        Assert.Equal(TimeSpan.FromSeconds(1), _window.Summarize(400 * Second)!.Max);
    }

    [Fact]
    public void Duration_below_zero_counts_as_zero()
    {
        _window.Add(0, TimeSpan.FromSeconds(-1));

        Assert.Equal(new DurationStatistics(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), _window.Summarize(0));
    }

    private static void AssertNear(long[] sorted, double fraction, TimeSpan told)
    {
        long exact = sorted[int.Max((int)double.Ceiling(sorted.Length * fraction), 1) - 1];
        Assert.InRange(told.Ticks, exact * 0.98, exact * 1.02);
    }
}
