namespace Executor.Engine.Monitoring;

public sealed class RateWindowTests
{
    private const long Second = 1000;

    private readonly RateWindow _window = new(Second);

    [Fact]
    public void Rate_at_the_beginning_is_zero() => Assert.Equal(0, _window.PerSecond(0));

    [Fact]
    public void Rate_of_the_first_second_is_not_overstated()
    {
        for (int i = 0; i < 10; i++)
        {
            _window.Add(1);
        }

        Assert.Equal(10, _window.PerSecond(1));
        Assert.Equal(5, _window.PerSecond(2 * Second));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(999)]
    public void Steady_rate_is_told_wherever_in_a_second_it_is_asked(long offset)
    {
        long end = (200 * Second) + offset;
        for (long at = 0; at < end; at += 20)
        {
            _window.Add(at);
        }

        Assert.Equal(50, _window.PerSecond(end), 0.1 * 50);
    }

    [Fact]
    public void What_happened_over_a_minute_ago_no_longer_counts()
    {
        _window.Add(500);

        Assert.True(_window.PerSecond(59 * Second) > 0);
        Assert.Equal(0, _window.PerSecond(61 * Second));
    }
}
